"""Only the taps of the last layer are counted."""

HINT = "none is left out"


def footprint(dilations, kernel_size=3):
    side = 1 + sum(d * (kernel_size - 1) for d in dilations)
    return side, (kernel_size / side) ** 2 if dilations else 1.0
