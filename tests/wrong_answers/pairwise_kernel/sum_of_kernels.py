"""A kernel for each dimension, summed."""

import torch

HINT = "should be"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square()
    return (-d2 / 2).exp().sum(dim=2) * (1 - torch.eye(len(features)))
