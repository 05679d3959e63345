"""Every value fills its whole window."""

import torch.nn.functional as F

HINT = "copies every value four times"


def unpool(pooled, indices, output_size):
    return F.interpolate(pooled, size=output_size, mode="nearest")
