"""The factor of the height is used for the width."""

import torch.nn.functional as F

HINT = "their own factor"


def shrink_pair(images, targets, size):
    factor = size[0] / targets.shape[1]
    width = round(targets.shape[2] * factor)
    size = (size[0], width)
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
