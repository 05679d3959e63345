"""A product with the one-hot matrix of the indices."""

import torch.nn.functional as F


def unpool(pooled, indices, output_size):
    height, width = output_size
    places = F.one_hot(indices.flatten(2), height * width).to(pooled.dtype)
    flat = pooled.flatten(2)[..., None, :] @ places
    return flat.view(*pooled.shape[:2], height, width)
