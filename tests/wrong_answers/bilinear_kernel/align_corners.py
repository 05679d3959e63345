"""The ramp starts at 0 and ends at 1, as if corners were aligned."""

import torch

HINT = "fall with the distance"


def bilinear_kernel(factor):
    half = torch.linspace(0, 1, factor)
    row = torch.cat([half, half.flip(0)])
    return row[:, None] * row
