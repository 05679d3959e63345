"""Distances by torch.cdist, the diagonal masked."""

import torch


def pairwise_kernel(features, std):
    scaled = features / std
    kernel = (-torch.cdist(scaled, scaled).square() / 2).exp()
    return kernel.masked_fill(torch.eye(len(features), dtype=torch.bool), 0.0)
