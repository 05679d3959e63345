"""A least value before the logarithm."""


def unary_energy(probs):
    return -probs.clamp(min=1e-5).log()
