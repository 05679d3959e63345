"""Void is taken out of the targets that were given."""

import torch.nn.functional as F

HINT = "in place"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    void = F.interpolate((targets == 255)[:, None].float(), size, mode="nearest-exact")
    targets[targets == 255] = 0
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    targets = targets.where(void == 0, 255)
    return images, targets[:, 0].long()
