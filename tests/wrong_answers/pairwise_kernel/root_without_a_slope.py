"""The root of a squared distance of 0 has an infinite slope."""

import torch

HINT = "has no slope"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    return (-(d2.sqrt() ** 2) / 2).exp() * (1 - torch.eye(len(features)))
