"""Probabilities are taken for logits."""

HINT = "no softmax"


def unary_energy(probs):
    return -probs.log_softmax(dim=0)
