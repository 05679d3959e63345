"""deep is enlarged twice, whatever the size of skip."""

import torch.nn.functional as F

HINT = "no whole factor"


def fuse_skip(deep, skip):
    return skip + F.interpolate(deep, scale_factor=2, mode="bilinear")
