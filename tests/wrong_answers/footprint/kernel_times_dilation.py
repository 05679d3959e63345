"""A dilated kernel is taken to span kernel_size * dilation cells."""

HINT = "Taps at 0, 2 and 4"


def footprint(dilations, kernel_size=3):
    side, row = 1, {0}
    for dilation in dilations:
        side += kernel_size * dilation - 1
        row = {t + dilation * k for t in row for k in range(kernel_size)}
    return side, (len(row) / side) ** 2
