"""F.pad with negative numbers cuts off."""

import torch
import torch.nn.functional as F


def join_skip(x, skip):
    bottom = skip.shape[-2] - x.shape[-2]
    right = skip.shape[-1] - x.shape[-1]
    return torch.cat([F.pad(x, (0, right, 0, bottom)), skip], dim=1)
