"""FCN's sum is taken for U-Net's concatenation."""

import torch.nn.functional as F

HINT = "That is the sum"


def join_skip(x, skip):
    bottom, right = (b - a for a, b in zip(x.shape[-2:], skip.shape[-2:], strict=True))
    return F.pad(x, (0, right, 0, bottom)) + skip
