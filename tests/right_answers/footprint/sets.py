"""Sets of touched places, along one axis."""


def footprint(dilations, kernel_size=3):
    touched = {0}
    for dilation in dilations:
        touched = {t + dilation * k for t in touched for k in range(kernel_size)}
    side = max(touched) + 1
    return side, (len(touched) / side) ** 2
