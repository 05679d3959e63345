"""Dimensions are averaged instead of summed."""

import torch

HINT = "exp(-d²/2)"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().mean(dim=2)
    return (-d2 / 2).exp() * (1 - torch.eye(len(features)))
