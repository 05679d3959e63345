"""The energy falls linearly."""

HINT = "being sure and wrong"


def unary_energy(probs):
    return 1 - probs
