"""Zeros stand around the image."""

import torch.nn.functional as F

HINT = "would see a frame"


def reflect_pad(image, padding):
    return F.pad(image, [padding] * 4)
