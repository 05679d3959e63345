"""The middle is put on tap f, as in a kernel of odd size."""

import torch

HINT = "none on it"


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor, dtype=torch.float32)
    row = 1 - (taps - factor).abs() / factor
    return row[:, None] * row
