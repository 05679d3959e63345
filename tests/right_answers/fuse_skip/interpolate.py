"""One call and a sum."""

import torch.nn.functional as F


def fuse_skip(deep, skip):
    size = skip.shape[-2:]
    return skip + F.interpolate(deep, size=size, mode="bilinear", align_corners=False)
