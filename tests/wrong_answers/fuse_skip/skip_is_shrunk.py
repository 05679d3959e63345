"""skip is brought to the size of deep instead."""

import torch.nn.functional as F

HINT = "should have shape"


def fuse_skip(deep, skip):
    return deep + F.interpolate(skip, size=deep.shape[-2:], mode="bilinear")
