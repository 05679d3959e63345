"""Classes are picked, but the void mask is averaged along with them."""

import torch.nn.functional as F

HINT = "Void (255) is picked"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    planes = targets[:, None].float()
    picked = F.interpolate(planes, size=size, mode="nearest-exact")
    mean = F.interpolate(planes, size=size, mode="bilinear")
    return images, picked.where(mean <= 20, mean)[:, 0].long()
