"""Only the images are resized."""

import torch.nn.functional as F

HINT = "Both are shrunk"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    return images, targets
