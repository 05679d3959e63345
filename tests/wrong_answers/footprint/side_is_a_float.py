"""The side comes out of a division, as a float."""

HINT = "got (3.0, 1.0)"


def footprint(dilations, kernel_size=3):
    touched = {0}
    for dilation in dilations:
        touched = {t + dilation * k for t in touched for k in range(kernel_size)}
    row = len(touched)
    side = row / (row / (max(touched) + 1))
    return side, (row / side) ** 2
