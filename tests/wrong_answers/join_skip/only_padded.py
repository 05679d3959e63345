"""A larger x is not cut off."""

import torch
import torch.nn.functional as F

HINT = "x is larger: cut off"


def join_skip(x, skip):
    bottom = max(skip.shape[-2] - x.shape[-2], 0)
    right = max(skip.shape[-1] - x.shape[-1], 0)
    return torch.cat([F.pad(x, (0, right, 0, bottom)), skip], dim=1)
