"""The smaller of the two weights is taken, not the product."""

import torch

HINT = "rows and columns multiply"


def bilinear_kernel(factor):
    taps = torch.arange(2 * factor, dtype=torch.float32)
    row = 1 - (taps - factor + 0.5).abs() / factor
    return torch.minimum(row[:, None], row)
