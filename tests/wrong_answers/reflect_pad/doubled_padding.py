"""The padding is shared out over two calls, which both take all of it."""

import torch.nn.functional as F

HINT = "outermost pixel is the mirror"


def reflect_pad(image, padding):
    x = F.pad(image, (padding, padding, padding, padding), mode="reflect")
    return F.pad(x, (padding, padding, padding, padding), mode="reflect")
