"""The outer product of a tent with itself."""

import torch


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor, dtype=torch.float32)
    row = 1 - (taps - factor + 0.5).abs() / factor
    return row[:, None] * row
