"""Only one row of the kernel is returned."""

import torch

HINT = "should have shape (4, 4), got (4,)"


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor, dtype=torch.float32)
    row = 1 - (taps - factor + 0.5).abs() / factor
    return row
