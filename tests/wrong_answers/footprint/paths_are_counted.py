"""Cells are counted as often as a path leads to them."""

HINT = "none is left out"


def footprint(dilations, kernel_size=3):
    side = 1 + sum(d * (kernel_size - 1) for d in dilations)
    return side, (kernel_size ** len(dilations) / side) ** 2
