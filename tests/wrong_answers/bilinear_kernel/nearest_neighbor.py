"""Every input pixel becomes a block."""

import torch

HINT = "nearest neighbor"


def bilinear_kernel(factor):
    kernel = torch.zeros(2 * factor, 2 * factor)
    low, high = factor // 2, factor // 2 + factor
    kernel[low:high, low:high] = 1
    return kernel
