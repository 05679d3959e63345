"""The squared difference is divided by std, not by its square."""

import torch

HINT = "before anything is squared"


def pairwise_kernel(features, std):
    d2 = ((features[:, None] - features).square() / std).sum(dim=2)
    return (-d2 / 2).exp() * (1 - torch.eye(len(features)))
