"""Corner pixels are put on corner pixels."""

import torch.nn.functional as F

HINT = "align_corners=True"


def fuse_skip(deep, skip):
    size = skip.shape[-2:]
    return skip + F.interpolate(deep, size=size, mode="bilinear", align_corners=True)
