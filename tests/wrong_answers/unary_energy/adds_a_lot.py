"""A percent is added to every probability."""

HINT = "-log p, number by number"


def unary_energy(probs):
    return -(probs + 0.01).log()
