"""One std is used for all dimensions."""

import torch

HINT = "divided by its own std"


def pairwise_kernel(features, std):
    scaled = features / std[0]
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    return (-d2 / 2).exp() * (1 - torch.eye(len(features)))
