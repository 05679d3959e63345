"""The log is returned, without its minus."""

HINT = "mind the sign"


def unary_energy(probs):
    return probs.clamp(min=1e-5).log()
