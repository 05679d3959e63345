"""F.pad stops where the padding reaches the size of the image."""

import torch.nn.functional as F

HINT = "turn around again at the far border"


def reflect_pad(image, padding):
    return F.pad(image, [padding] * 4, mode="reflect")
