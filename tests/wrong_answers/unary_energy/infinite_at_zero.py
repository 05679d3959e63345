"""Nothing guards against p = 0."""

HINT = "Raise p to a least value"


def unary_energy(probs):
    return -probs.log()
