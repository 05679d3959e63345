"""nearest takes the first pixel of each block, so targets slide off their images."""

import torch.nn.functional as F

HINT = "moved by +0.33 rows and +0.38 columns. The target has moved"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest")
    return images, targets[:, 0].long()
