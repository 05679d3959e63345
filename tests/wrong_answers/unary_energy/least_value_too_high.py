"""Probabilities under 1 % are all alike."""

HINT = "-log p, number by number"


def unary_energy(probs):
    return -probs.clamp(min=0.01).log()
