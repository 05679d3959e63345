"""The window is taken for solid, as the receptive field of the papers is."""

HINT = "Taps at 0, 2 and 4"


def footprint(dilations, kernel_size=3):
    return 1 + sum(d * (kernel_size - 1) for d in dilations), 1.0
