"""The density of the normal distribution, with its factor."""

import torch

HINT = "exp(-d²/2)"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    density = (-d2 / 2).exp() / (2 * torch.pi) ** (features.shape[1] / 2)
    return density * (1 - torch.eye(len(features)))
