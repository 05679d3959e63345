"""The kernel has a layer's four dimensions already."""

import torch

HINT = "got (1, 1, 4, 4)"


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor, dtype=torch.float32)
    row = 1 - (taps - factor + 0.5).abs() / factor
    return (row[:, None] * row)[None, None]
