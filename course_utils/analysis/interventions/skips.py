"""A skip that carries nothing, for as long as a context lasts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.arguments import FUNCTION, MODULE, checked, shown


@checked(join=MODULE, replace=FUNCTION)
@contextmanager
def zero_skip(
    join: nn.Module, *, replace: Callable[[Tensor], Tensor] = torch.zeros_like
) -> Iterator[None]:
    """Let the module that joins a skip see zeros in its place; the weights stay.

    Args:
        join: Module that is called with (x, skip): a block of ``UNet.decoder``, or one
            of ``FCDenseNet.transitions_up``.
        replace: Function from the skip to a tensor of its shape, seen instead of it.

    Raises:
        TypeError: The module is called with anything but two tensors.
    """

    def intervene(_: nn.Module, args: tuple[Any, ...]) -> tuple[Tensor, Tensor]:
        if len(args) != 2 or not all(isinstance(arg, Tensor) for arg in args):
            kinds = ", ".join(type(arg).__name__ for arg in args)
            raise TypeError(
                "join must be a module that is called with two tensors, x and skip, "
                f"got {type(join).__name__}, called with ({kinds}); take the module "
                "that joins the skip"
            )
        x, skip = args
        seen = replace(skip)
        if not isinstance(seen, Tensor) or seen.shape != skip.shape:
            raise ValueError(
                "replace must return a tensor of the skip's shape "
                f"{tuple(skip.shape)}, got {shown(seen)}"
            )
        return x, seen

    handle = join.register_forward_pre_hook(intervene)
    try:
        yield
    finally:
        handle.remove()
