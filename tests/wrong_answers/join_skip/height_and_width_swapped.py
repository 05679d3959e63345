"""F.pad is given the height first; it begins with the last dimension."""

import torch
import torch.nn.functional as F

HINT = "Each side has its own difference"


def join_skip(x, skip):
    bottom, right = (b - a for a, b in zip(x.shape[-2:], skip.shape[-2:], strict=True))
    return torch.cat([F.pad(x, (0, bottom, 0, right)), skip], dim=1)
