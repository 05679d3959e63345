"""The distance is not squared."""

import torch

HINT = "sharp tip"


def pairwise_kernel(features, std):
    scaled = features / std
    d = torch.cdist(scaled, scaled)
    return (-d / 2).exp() * (1 - torch.eye(len(features)))
