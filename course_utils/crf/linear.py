"""Gradients through a linear filter, without keeping its intermediate results."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from course_utils.arguments import tensor

_VALUES = tensor("N C", "float")
_Filter = Callable[[Tensor], Tensor]


def check_values(values: Tensor, num_pixels: int) -> None:
    """Refuse what a kernel can't be multiplied with: anything but (N, C), floating.

    Raises:
        TypeError: The values are no floating-point tensor.
        ValueError: They are not one row for each pixel.
    """
    _VALUES.check("values", values)
    if len(values) != num_pixels:
        raise ValueError(
            f"values must have a row for each of the {num_pixels} pixels, got "
            f"{tuple(values.shape)}; flatten H and W, and put the classes last"
        )


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
