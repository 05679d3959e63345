"""Only the first image's scores are enlarged; broadcasting hides it."""

import torch.nn.functional as F

HINT = "in every image"


def fuse_skip(deep, skip):
    return F.interpolate(deep[:1], size=skip.shape[-2:], mode="bilinear") + skip
