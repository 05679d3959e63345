"""The image is continued by its other side."""

import numpy as np
import torch

HINT = "as a tile does"


def reflect_pad(image, padding):
    sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    padded = np.pad(image.detach().numpy(), sides, mode="wrap")
    return torch.from_numpy(padded)
