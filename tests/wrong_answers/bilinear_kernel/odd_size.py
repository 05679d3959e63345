"""The kernel has 2f - 1 taps: FCN's formula for odd factors."""

import torch

HINT = "2f taps"


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor - 1, dtype=torch.float32)
    row = 1 - (taps - factor + 1).abs() / factor
    return row[:, None] * row
