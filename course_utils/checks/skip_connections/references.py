"""Right values for notebook 04, and the typical wrong ones, from the reader's layers.

Each function is named after the exercise whose answers are compared with it.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def join_skip(x: Tensor, skip: Tensor) -> Tensor:
    """Copy what of ``x`` lies under ``skip`` into zeros, and put it before ``skip``."""
    fitted = x.new_zeros(*x.shape[:2], *skip.shape[-2:])
    height, width = (
        min(a, b) for a, b in zip(x.shape[-2:], skip.shape[-2:], strict=True)
    )
    fitted[..., :height, :width] = x[..., :height, :width]
    return torch.cat([fitted, skip], dim=1)


def join_mistakes(x: Tensor, skip: Tensor) -> dict[str, Tensor]:
    """Make the typical wrong joins of two maps."""
    size, offsets = skip.shape[-2:], []
    for old, new in zip(x.shape[-2:], size, strict=True):
        offsets.append(((new - old) // 2, new - old - (new - old) // 2))
    (top, bottom), (left, right) = offsets
    ahead = F.pad(x, (left + right, 0, top + bottom, 0))
    centered = F.pad(x, (left, right, top, bottom))
    stretched = F.interpolate(x, size=size, mode="bilinear")
    mistakes = {
        "The order: x first, then the skip.": join_skip(x, skip).roll(
            skip.shape[1], dims=1
        ),
        "Add or take off at the bottom and right only, not on both sides.": torch.cat(
            [centered, skip], dim=1
        ),
        "Add or take off at the bottom and right, not at the top and left: the first "
        "cells of both maps lie on the same corner.": torch.cat([ahead, skip], dim=1),
        "That is stretched: every cell of x moves. Add zeros, or cut off.": torch.cat(
            [stretched, skip], dim=1
        ),
        "That is nearest neighbor: cells of x are repeated.": torch.cat(
            [F.interpolate(x, size=size), skip], dim=1
        ),
    }
    if x.shape[1] == skip.shape[1]:
        mistakes["That is the sum; a concatenation keeps both."] = (
            join_skip(x, skip)[:, : x.shape[1]] + skip
        )
    return mistakes


def up_block(
    layers: Sequence[nn.Module],
    x: Tensor,
    skip: Tensor,
    *,
    skip_first: bool = False,
    relus: tuple[bool, bool, bool] = (False, True, True),
    norm_last: bool = False,
) -> Tensor:
    """Apply the reader's up, conv, norm, conv, norm; options make typical mistakes.

    Args:
        layers: Transposed convolution, then twice convolution and normalization.
        x: Map to enlarge, (N, in_channels, h, w).
        skip: Map of the encoder, (N, skip_channels, H, W).
        skip_first: Join the skip before x.
        relus: ReLU after the enlargement and after each convolution.
        norm_last: Normalization after the ReLU.
    """
    up, *rest = layers
    x = up(x).relu() if relus[0] else up(x)
    joined = join_skip(x, skip)
    joined = joined.roll(skip.shape[1], dims=1) if skip_first else joined
    for conv, norm, has_relu in zip(rest[::2], rest[1::2], relus[1:], strict=True):
        joined = conv(joined)
        joined = joined if norm_last else norm(joined)
        joined = joined.relu() if has_relu else joined
        joined = norm(joined) if norm_last else joined
    return joined


def dense_block(
    layers: Sequence[tuple[nn.Module, nn.Module]],
    x: Tensor,
    *,
    newest_first: bool = False,
    relu_first: bool = False,
    rectify: bool = True,
) -> tuple[Tensor, Tensor]:
    """Apply the reader's pairs (normalization, convolution); options make mistakes."""
    maps, new = x, []
    for norm, conv in layers:
        seen = norm(maps.relu()) if relu_first else norm(maps)
        seen = seen.relu() if rectify and not relu_first else seen
        new.append(conv(seen))
        maps = torch.cat([new[-1], maps] if newest_first else [maps, new[-1]], dim=1)
    return maps, torch.cat(new, dim=1)


def transition_up(
    up: nn.ConvTranspose2d, x: Tensor, skip: Tensor, *, offset: int = 0
) -> Tensor:
    """Enlarge with the reader's weights, 3×3 and stride 2, and cut from ``offset``."""
    x = F.conv_transpose2d(x, up.weight, up.bias, stride=2)
    x = F.pad(x, (0, offset, 0, offset))[..., offset:, offset:]
    return join_skip(x, skip)


class Joined(nn.Module):
    """A block whose two results are one, for checks that sum up a result."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        """Concatenate all maps and the new ones."""
        return torch.cat(self.block(x), dim=1)
