"""The larger of p and a least value."""

import torch


def unary_energy(probs):
    least = torch.full_like(probs, 1e-7)
    return -torch.maximum(probs, least).log()
