"""The outermost pixel is repeated: numpy calls that symmetric."""

import numpy as np
import torch

HINT = "reflection skips it"


def reflect_pad(image, padding):
    sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    padded = np.pad(image.detach().numpy(), sides, mode="symmetric")
    return torch.from_numpy(padded)
