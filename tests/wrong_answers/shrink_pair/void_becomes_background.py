"""Void is set to 0, so that no class index is larger than 20."""

import torch.nn.functional as F

HINT = "never replaced"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    targets = targets.where(targets != 255, 0)[:, None].float()
    targets = F.interpolate(targets, size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
