"""Every energy is weighted by its probability, which makes an entropy."""

HINT = "That is an entropy"


def unary_energy(probs):
    return -probs * probs.clamp(min=1e-5).log()
