"""Features are multiplied by std."""

import torch

HINT = "in standard deviations"


def pairwise_kernel(features, std):
    scaled = features * std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    return (-d2 / 2).exp() * (1 - torch.eye(len(features)))
