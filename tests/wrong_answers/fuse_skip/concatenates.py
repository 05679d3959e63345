"""U-Net's skip is taken for FCN's."""

import torch
import torch.nn.functional as F

HINT = "the channels stay"


def fuse_skip(deep, skip):
    deep = F.interpolate(deep, size=skip.shape[-2:], mode="bilinear")
    return torch.cat([deep, skip], dim=1)
