"""Every pair at distance 0 is taken for a pixel and itself."""

import torch

HINT = "exp(-d²/2)"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    kernel = (-d2 / 2).exp()
    return torch.where(d2 == 0, 0.0, kernel)
