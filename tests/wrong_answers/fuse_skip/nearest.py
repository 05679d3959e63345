"""interpolate without a mode copies pixels."""

import torch.nn.functional as F

HINT = "nearest neighbor"


def fuse_skip(deep, skip):
    return skip + F.interpolate(deep, size=skip.shape[-2:])
