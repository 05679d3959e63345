"""All images get the target of the first one."""

import torch.nn.functional as F

HINT = "each target with its image"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    first = targets[:1, None].float().expand(len(targets), -1, -1, -1)
    targets = F.interpolate(first, size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
