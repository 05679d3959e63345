"""Unpooling with other indices than the encoder's."""

from contextlib import ExitStack
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.models.blocks import Unpool, upsample_bilinear

KINDS = ("fixed", "random", "bilinear")


def swap_unpool_indices(
    model: nn.Module, kind: str, *, generator: torch.Generator | None = None
) -> ExitStack:
    """Make every ``blocks.Unpool`` of a model ignore the indices of its pool.

    The model can be trained so, or changed for a test alone:
    ``with swap_unpool_indices(model, "fixed"): ...`` restores it at the end.

    Args:
        model: with pools of 2 and stride 2.
        kind: "fixed" puts every value at the top left of its 2×2 window, "random" at
            one of its four places, drawn anew for every value and pass; "bilinear"
            puts nothing anywhere and interpolates the map instead.
        generator: of the random places, on the model's device; torch's global one by
            default.

    Returns:
        What undoes it: a context manager, or its ``close()``. Left alone, it lasts.

    Raises:
        ValueError: there is no such kind, or the model does not unpool.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    layers = [module for module in model.modules() if isinstance(module, Unpool)]
    if not layers:
        raise ValueError(
            "the model must unpool with blocks.Unpool, and no module of "
            f"{type(model).__name__} does"
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
