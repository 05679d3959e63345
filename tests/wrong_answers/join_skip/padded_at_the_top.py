"""Zeros come at the top and left."""

import torch
import torch.nn.functional as F

HINT = "not at the top and left"


def join_skip(x, skip):
    rows = skip.shape[2] - x.shape[2]
    columns = skip.shape[3] - x.shape[3]
    return torch.cat([F.pad(x, (columns, 0, rows, 0)), skip], dim=1)
