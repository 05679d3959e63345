"""Gradients through a linear filter, without keeping its intermediate results."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

_Filter = Callable[[Tensor], Tensor]


def apply_linear(values: Tensor, forward: _Filter, transposed: _Filter) -> Tensor:
    """Apply a linear filter; its gradient is the transposed filter of the gradient.

    Args:
        values: Values to filter, (N, C).
        forward: Filter; autograd does not record it.
        transposed: Filter with the transposed matrix.
    """
    return _Linear.apply(values, forward, transposed)


class _Linear(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, values: Tensor, forward: _Filter, transposed: _Filter
    ) -> Tensor:
        ctx.filters = forward, transposed
        return forward(values)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        forward, transposed = ctx.filters
        return apply_linear(grad, transposed, forward), None, None
