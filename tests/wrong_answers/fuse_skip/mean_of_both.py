"""The two are averaged."""

import torch.nn.functional as F

HINT = "half of the sum"


def fuse_skip(deep, skip):
    deep = F.interpolate(deep, size=skip.shape[-2:], mode="bilinear")
    return (deep + skip) / 2
