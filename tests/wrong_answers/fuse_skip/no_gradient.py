"""The sum is made under no_grad."""

import torch
import torch.nn.functional as F

HINT = "should carry a gradient, got"


def fuse_skip(deep, skip):
    with torch.no_grad():
        return skip + F.interpolate(deep, size=skip.shape[-2:], mode="bilinear")
