"""The rows are normalized."""

import torch

HINT = "no division by the sums"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    kernel = (-d2 / 2).exp() * (1 - torch.eye(len(features)))
    return kernel / kernel.sum(dim=1, keepdim=True)
