"""Integer division makes every weight 0 or 1."""

import torch

HINT = "2f taps"


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor)
    row = (1 - (2 * taps - 2 * factor + 1).abs() // (2 * factor)).float()
    return row[:, None] * row
