"""Gradients through a linear filter, without keeping its intermediate results."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

_Filter = Callable[[Tensor], Tensor]


class LinearFilter(torch.autograd.Function):
    """A linear filter; its gradient is the transposed filter of the gradient.

    ``LinearFilter.apply(values, function, transposed)`` filters values (N, C); autograd
    does not record what the two functions do.
    """

    @staticmethod
    def forward(
        ctx: Any, values: Tensor, function: _Filter, transposed: _Filter
    ) -> Tensor:
        """Filter the values."""
        ctx.filters = transposed, function
        return function(values)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        """Filter the gradient with the transposed matrix."""
        return LinearFilter.apply(grad, *ctx.filters), None, None
