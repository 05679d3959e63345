"""The background is 1 instead of 0."""

import torch

HINT = "Each value goes to the cell its index counts to"


def unpool(pooled, indices, output_size):
    height, width = output_size
    flat = torch.ones(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat.view(*pooled.shape[:2], height, width)
