"""The side is the distance of the outermost cells, not their number."""

HINT = "One plain layer touches"


def footprint(dilations, kernel_size=3):
    touched = {0}
    for dilation in dilations:
        touched = {t + dilation * k for t in touched for k in range(kernel_size)}
    side = max(touched)
    return side, (len(touched) / max(1, side)) ** 2
