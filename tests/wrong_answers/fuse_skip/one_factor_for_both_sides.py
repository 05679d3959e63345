"""The factor of the height is used for the width."""

import torch.nn.functional as F

HINT = "own factor"


def fuse_skip(deep, skip):
    factor = skip.shape[2] / deep.shape[2]
    return F.interpolate(deep, scale_factor=factor, mode="bilinear") + skip
