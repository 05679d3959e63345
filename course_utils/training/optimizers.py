"""Optimizers by name."""

import torch
from torch import nn
from torch.optim import Optimizer

POLY_POWER = 0.9
"""Power of the polynomial decay: Chen et al., 2016, arXiv:1606.00915, section 4.1."""


def make_optimizer(
    model: nn.Module, *, lr: float, weight_decay: float = 1e-4
) -> Optimizer:
    """Make AdamW for the parameters of a model.

    Args:
        model: Net on the device it will be trained on.
        lr: Largest learning rate.
        weight_decay: Weight decay, decoupled from the gradient.

    Raises:
        ValueError: The learning rate is not a positive number.
    """
    if not lr > 0 or lr == float("inf"):
        raise ValueError(f"lr must be a positive number, got {lr}")
    on_cuda = next(model.parameters()).device.type == "cuda"
    return torch.optim.AdamW(
        model.parameters(), lr=lr, weight_decay=weight_decay, fused=on_cuda
    )
