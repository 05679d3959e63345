"""Only the first dimension counts."""

import torch

HINT = "nothing is left out"


def pairwise_kernel(features, std):
    scaled = features[:, 0] / std[0]
    d2 = (scaled[:, None] - scaled).square()
    return (-d2 / 2).exp() * (1 - torch.eye(len(features)))
