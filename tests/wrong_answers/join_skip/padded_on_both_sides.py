"""The difference is spread over both sides, as in many copies of U-Net."""

import torch
import torch.nn.functional as F

HINT = "not on both sides"


def join_skip(x, skip):
    rows = skip.shape[2] - x.shape[2]
    columns = skip.shape[3] - x.shape[3]
    x = F.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
    return torch.cat([x, skip], dim=1)
