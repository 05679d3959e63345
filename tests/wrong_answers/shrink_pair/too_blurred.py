"""To be safe from aliasing, images are blurred over many blocks."""

import torch.nn.functional as F

HINT = "A smooth image keeps its values"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    images = F.avg_pool2d(images, 5, 1, padding=2, count_include_pad=False)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
