"""The ramp is normalized by its own smallest weight minus itself."""

import torch

HINT = "nan"


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor, dtype=torch.float32)
    row = 1 - (taps - factor + 0.5).abs() / factor

    row = (row - row.min()) / (row.min() - row.min())
    return row[:, None] * row
