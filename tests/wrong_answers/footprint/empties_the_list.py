"""The reader's list is used up on the way."""

HINT = "changed its argument 1 in place"


def footprint(dilations, kernel_size=3):
    touched = {0}
    while dilations:
        dilation = dilations.pop()
        touched = {t + dilation * k for t in touched for k in range(kernel_size)}
    side = max(touched) + 1
    return side, (len(touched) / side) ** 2
