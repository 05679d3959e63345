"""Kernels with gaps, convolved with each other by NumPy."""

import numpy as np


def footprint(dilations, kernel_size=3):
    row = np.ones(1)
    for dilation in dilations:
        kernel = np.zeros(dilation * (kernel_size - 1) + 1)
        kernel[::dilation] = 1
        row = np.convolve(row, kernel)
    return len(row), float((row > 0).mean() ** 2)
