"""skip is cut to twice the size of deep."""

import torch.nn.functional as F

HINT = "no whole factor"


def fuse_skip(deep, skip):
    height, width = (2 * n for n in deep.shape[-2:])
    deep = F.interpolate(deep, size=(height, width), mode="bilinear")
    skip = skip[..., :height, :width]
    return deep[..., : skip.shape[2], : skip.shape[3]] + skip
