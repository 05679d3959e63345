"""A block with one void pixel becomes void: a maximum over class indices."""

import torch.nn.functional as F

HINT = "widens void"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    largest = F.adaptive_max_pool2d(targets[:, None].float(), size)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets.where(largest < 255, largest)[:, 0].long()
