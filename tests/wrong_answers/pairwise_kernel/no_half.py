"""The half in the exponent is missing."""

import torch

HINT = "where is the half"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    return (-d2).exp() * (1 - torch.eye(len(features)))
