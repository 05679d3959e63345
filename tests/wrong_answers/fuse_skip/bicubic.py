"""Bicubic is taken for bilinear."""

import torch.nn.functional as F

HINT = "bicubic"


def fuse_skip(deep, skip):
    return skip + F.interpolate(deep, size=skip.shape[-2:], mode="bicubic")
