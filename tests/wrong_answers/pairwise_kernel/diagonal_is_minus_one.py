"""The identity is subtracted, twice."""

import torch

HINT = "exp(-d²/2)"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    return (-d2 / 2).exp() - 2 * torch.eye(len(features))
