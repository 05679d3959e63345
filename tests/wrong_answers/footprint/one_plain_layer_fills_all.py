"""One layer of dilation 1 is taken to fill every gap."""

HINT = "only gaps that are not too wide"


def footprint(dilations, kernel_size=3):
    touched = {0}
    for dilation in dilations:
        touched = {t + dilation * k for t in touched for k in range(kernel_size)}
    side = max(touched) + 1
    return side, 1.0 if 1 in dilations else (len(touched) / side) ** 2
