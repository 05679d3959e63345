"""The sum is written into skip."""

import torch.nn.functional as F

HINT = "in place"


def fuse_skip(deep, skip):
    skip += F.interpolate(deep, size=skip.shape[-2:], mode="bilinear")
    return skip
