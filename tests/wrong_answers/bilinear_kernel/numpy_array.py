"""The kernel is a numpy array."""

import numpy as np

HINT = "should be a tensor"


def bilinear_kernel(factor):
    row = 1 - np.abs(np.arange(2 * factor) - factor + 0.5) / factor
    return np.outer(row, row).astype(np.float32)
