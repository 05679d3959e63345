"""One layer with the sum of all dilations is looked at instead."""

HINT = "none is left out"


def footprint(dilations, kernel_size=3):
    side = 1 + sum(dilations) * (kernel_size - 1)
    return side, (kernel_size / side) ** 2 if side > 1 else 1.0
