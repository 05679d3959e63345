"""The two are resized by one call, and the classes rounded."""

import torch
import torch.nn.functional as F

HINT = "third class"


def shrink_pair(images, targets, size):
    both = torch.cat([images, targets[:, None]], dim=1)
    both = F.interpolate(both, size=size, mode="bilinear", antialias=True)
    return both[:, :3], both[:, 3].round().long()
