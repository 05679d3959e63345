"""Bilinear alone looks at four pixels, however many one has to stand for."""

import torch.nn.functional as F

HINT = "bilinear without antialias"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear")
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
