"""The probabilities are raised in place."""

HINT = "changed its argument 1"


def unary_energy(probs):
    probs = probs.detach()
    return -probs.clamp_(min=1e-5).log()
