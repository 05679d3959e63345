"""Three taps are written down, whatever the kernel."""

HINT = "A kernel of 5 has five taps"


def footprint(dilations, kernel_size=3):
    touched = {0}
    for dilation in dilations:
        touched = {t + dilation * k for t in touched for k in range(3)}
    side = max(touched) + 1
    return side, (len(touched) / side) ** 2
