"""One flat list for all channels, each with its own start."""

import torch


def unpool(pooled, indices, output_size):
    height, width = output_size
    n, c = pooled.shape[:2]
    starts = torch.arange(n * c).view(n, c, 1, 1) * height * width
    flat = torch.zeros(n * c * height * width, dtype=pooled.dtype)
    flat = flat.index_put(((indices + starts).flatten(),), pooled.flatten())
    return flat.view(n, c, height, width)
