"""The skip is detached, to save memory."""

import torch
import torch.nn.functional as F

HINT = "Both maps come from layers that learn"


def join_skip(x, skip):
    bottom, right = (b - a for a, b in zip(x.shape[-2:], skip.shape[-2:], strict=True))
    return torch.cat([F.pad(x, (0, right, 0, bottom)), skip.detach()], dim=1)
