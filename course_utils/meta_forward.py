"""Run a model on the device "meta": shapes are computed, and no values."""

from contextlib import AbstractContextManager, ExitStack
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call


def forward_on_meta(
    model: nn.Module, image: Tensor, *listeners: AbstractContextManager[Any]
) -> None:
    """Send an image through a model in eval mode, while others listen.

    Args:
        model: on any device, in any mode; it is not changed.
        image: on the device "meta", (N, C, H, W).
        listeners: modes of torch that are on during the forward pass, and only then.
    """
    weights = {
        name: tensor.to("meta")
        for name, tensor in (*model.named_parameters(), *model.named_buffers())
    }
    training = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad(), ExitStack() as stack:
            for listener in listeners:
                stack.enter_context(listener)
            functional_call(model, weights, (image,))
    finally:
        for module, mode in training.items():
            module.training = mode
