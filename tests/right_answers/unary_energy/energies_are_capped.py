"""The energy itself is capped; where() keeps the gradient finite."""

import torch


def unary_energy(probs):
    safe = torch.where(probs > 1e-8, probs, 1e-8)
    return torch.log(1 / safe)
