"""The logarithm of two."""

HINT = "natural logarithm: energies"


def unary_energy(probs):
    return -probs.clamp(min=1e-5).log2()
