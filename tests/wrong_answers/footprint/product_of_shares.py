"""The shares of the layers are multiplied, as if gaps never met."""

HINT = "Every tap of a layer brings"


def footprint(dilations, kernel_size=3):
    side, share = 1, 1.0
    for dilation in dilations:
        span = dilation * (kernel_size - 1) + 1
        share *= (kernel_size / span) ** 2
        side += span - 1
    return side, share
