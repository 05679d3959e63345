"""The size is read as (W, H)."""

import torch.nn.functional as F

HINT = "size is (H', W')"


def shrink_pair(images, targets, size):
    size = size[::-1]
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
