"""Unpooling without the encoder's indices."""

from contextlib import ExitStack
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.arguments import GENERATOR, MODULE, checked, one_of
from course_utils.models.blocks import Unpool, upsample_bilinear

_KINDS = ("fixed", "random", "bilinear")


@checked(model=MODULE, kind=one_of(*_KINDS), generator=GENERATOR)
def swap_unpool_indices(
    model: nn.Module, kind: str, *, generator: torch.Generator | None = None
) -> ExitStack:
    """Make every ``models.Unpool`` of a model ignore the indices of its pool.

    The model can be trained in this state, or changed only for a test:
    ``with swap_unpool_indices(model, "fixed"): ...`` restores it at the end.

    Args:
        model: Model whose pools have size 2 and stride 2.
        kind: "fixed" to put every value at the top left of its 2×2 window, "random" to
            draw one of the four places anew for every value and pass, or "bilinear" to
            interpolate the pooled map instead.
        generator: Generator for the random places, on the model's device; torch's
            global one by default.

    Returns:
        A context manager that undoes the change at its end, as does its ``close()``;
        without either, the change stays.

    Raises:
        ValueError: There is no such kind, or the model does not unpool.
    """
    layers = [module for module in model.modules() if isinstance(module, Unpool)]
    if not layers:
        raise ValueError(
            "the model must unpool with models.Unpool, but no module of "
            f"{type(model).__name__} does; take DeconvNet or SegNet"
        )
    undo = ExitStack()
    for layer in layers:
        if kind == "bilinear":
            handle = layer.register_forward_hook(_interpolate)
        else:
            hook = partial(_replace_indices, kind, generator)
            handle = layer.register_forward_pre_hook(hook)
        undo.callback(handle.remove)
    return undo


def _interpolate(_: nn.Module, given: tuple[Any, ...], output: Tensor) -> Tensor:
    pooled, _, output_size = given
    return upsample_bilinear(pooled, output_size).to(output.dtype)


def _replace_indices(
    kind: str, generator: torch.Generator | None, _: nn.Module, given: tuple[Any, ...]
) -> tuple[Any, ...]:
    pooled, indices, (height, width) = given
    rows, columns = (
        2 * torch.arange(n, device=indices.device) for n in indices.shape[-2:]
    )
    rows, columns = rows[:, None].expand(indices.shape), columns.expand(indices.shape)
    if kind == "random":
        shape, device = indices.shape, indices.device
        down, right = (
            torch.randint(2, shape, generator=generator, device=device)
            for _ in range(2)
        )
        # The last window of an odd side has no second row or column
        rows = (rows + down).clamp(max=height - 1)
        columns = (columns + right).clamp(max=width - 1)
    return pooled, rows * width + columns, (height, width)
