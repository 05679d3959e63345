"""x is resized by its nearest cells."""

import torch
import torch.nn.functional as F

HINT = "nearest neighbor"


def join_skip(x, skip):
    return torch.cat([F.interpolate(x, size=skip.shape[-2:]), skip], dim=1)
