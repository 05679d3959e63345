"""The kernel is computed without a gradient."""

import torch

HINT = "no detach"


def pairwise_kernel(features, std):
    features = features.detach()
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    return (-d2 / 2).exp() * (1 - torch.eye(len(features)))
