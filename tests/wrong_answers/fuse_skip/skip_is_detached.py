"""The skip is added as a constant, so the encoder does not learn from it."""

import torch.nn.functional as F

HINT = "argument 2"


def fuse_skip(deep, skip):
    deep = F.interpolate(deep, size=skip.shape[-2:], mode="bilinear")
    return deep + skip.detach()
