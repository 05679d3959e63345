"""The new map is float32 whatever pooled is."""

import torch

HINT = "dtype of pooled"


def unpool(pooled, indices, output_size):
    height, width = output_size
    flat = torch.zeros(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.float().flatten(2))
    return flat.view(*pooled.shape[:2], height, width)
