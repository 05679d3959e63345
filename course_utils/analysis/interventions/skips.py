"""A skip that carries nothing, as long as one asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


@contextmanager
def zero_skip(
    join: nn.Module, *, replace: Callable[[Tensor], Tensor] = torch.zeros_like
) -> Iterator[None]:
    """Let the module that joins a skip see zeros in its place; the weights stay.

    Args:
        join: a module called with (x, skip): a block of ``UNet.decoder``, or one of
            ``FCDenseNet.transitions_up``.
        replace: makes of a skip what is seen instead, of its shape.

    Raises:
        TypeError: when the module is called with anything but two tensors.
    """

    def intervene(_: nn.Module, args: tuple[Any, ...]) -> tuple[Tensor, Tensor]:
        if len(args) != 2 or not all(isinstance(arg, Tensor) for arg in args):
            kinds = ", ".join(type(arg).__name__ for arg in args)
            raise TypeError(
                "join must be a module that is called with two tensors, x and skip, "
                f"got {type(join).__name__}, called with ({kinds})"
            )
        x, skip = args
        return x, replace(skip)

    handle = join.register_forward_pre_hook(intervene)
    try:
        yield
    finally:
        handle.remove()
