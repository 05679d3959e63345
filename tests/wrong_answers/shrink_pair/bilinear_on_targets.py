"""Class indices are averaged and cut to integers."""

import torch.nn.functional as F

HINT = "third class"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="bilinear")
    return images, targets[:, 0].long()
