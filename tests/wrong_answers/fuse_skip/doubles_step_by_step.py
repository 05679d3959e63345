"""deep is doubled again and again, as FCN's layers are stacked."""

import torch.nn.functional as F

HINT = "one step"


def fuse_skip(deep, skip):
    height, width = skip.shape[-2:]
    while 2 * deep.shape[-2] <= height and 2 * deep.shape[-1] <= width:
        deep = F.interpolate(deep, scale_factor=2, mode="bilinear")
    return F.interpolate(deep, size=(height, width), mode="bilinear") + skip
