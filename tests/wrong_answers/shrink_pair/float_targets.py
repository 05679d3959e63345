"""The targets stay floating-point after the resizing."""

import torch.nn.functional as F

HINT = "cast to float for the resizing only"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0]
