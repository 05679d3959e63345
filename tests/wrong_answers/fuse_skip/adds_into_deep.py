"""The sum is written into deep where the sizes agree already."""

import torch.nn.functional as F

HINT = "in place"


def fuse_skip(deep, skip):
    if deep.shape != skip.shape:
        deep = F.interpolate(deep, size=skip.shape[-2:], mode="bilinear")
    return deep.add_(skip)
