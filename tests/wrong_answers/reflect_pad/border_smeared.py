"""The outermost pixel goes on forever."""

import torch.nn.functional as F

HINT = "repeats the outermost pixel"


def reflect_pad(image, padding):
    return F.pad(image, [padding] * 4, mode="replicate")
