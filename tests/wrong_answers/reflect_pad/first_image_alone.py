"""Only the first image of the batch comes back."""

import torch.nn.functional as F

HINT = "Every image"


def reflect_pad(image, padding):
    return F.pad(image[:1], [padding] * 4, mode="reflect")
