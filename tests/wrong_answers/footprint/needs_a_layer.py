"""The widest layer is looked up before anything else, and there may be none."""

HINT = "With no layer at all"


def footprint(dilations, kernel_size=3):
    max(dilations)
    touched = {0}
    for dilation in dilations:
        touched = {t + dilation * k for t in touched for k in range(kernel_size)}
    side = max(touched) + 1
    return side, (len(touched) / side) ** 2
