"""The targets keep the channel axis that interpolate needs."""

import torch.nn.functional as F

HINT = "no channel axis"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets.long()
