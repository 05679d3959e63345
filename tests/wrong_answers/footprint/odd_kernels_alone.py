"""Taps are laid out around a middle that an even kernel has not."""

HINT = "Layer by layer"


def footprint(dilations, kernel_size=3):
    touched = {0}
    half = kernel_size // 2
    for dilation in dilations:
        taps = [dilation * k for k in range(-half, half + 1)]
        touched = {t + tap for t in touched for tap in taps}
    side = max(touched) - min(touched) + 1
    return side, (len(touched) / side) ** 2
