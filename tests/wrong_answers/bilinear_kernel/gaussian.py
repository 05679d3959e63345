"""The weights fall off as a Gaussian."""

import torch

HINT = "2f taps"


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor, dtype=torch.float32)
    row = torch.exp(-((taps - factor + 0.5) ** 2) / factor)
    return row[:, None] * row
