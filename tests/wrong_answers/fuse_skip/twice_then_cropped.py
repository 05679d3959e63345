"""deep is enlarged by a rounded factor and cut to size."""

import torch.nn.functional as F

HINT = "no whole factor"


def fuse_skip(deep, skip):
    height, width = skip.shape[-2:]
    factor = -(-height // deep.shape[-2])
    deep = F.interpolate(deep, scale_factor=factor, mode="bilinear")
    return deep[..., :height, :width] + skip
