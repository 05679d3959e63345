"""Skips by concatenation: a decoder's map x and an encoder's map become one.

Shape: x (N, C, h, w) and skip (N, C', H, W) to (N, C + C', …), x first.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def join_skip(x: Tensor, skip: Tensor) -> Tensor:
    """Bring ``x`` to the size of ``skip`` and concatenate the two, x first.

    Zeros are added, or cells cropped, at the bottom and right: the first cells of both
    maps lie on the same corner of the image. Built in notebook 04 (exercise 4.1).

    Shape: to (N, C + C', H, W).

    Raises:
        ValueError: The number of images differs.
    """
    _check_images(x, skip)
    height, width = skip.shape[-2:]
    bottom, right = height - x.shape[-2], width - x.shape[-1]
    if bottom or right:
        x = F.pad(x, (0, right, 0, bottom))  # a negative number crops
    return torch.cat([x, skip], dim=1)


def join_cropped_skip(x: Tensor, skip: Tensor) -> Tensor:
    """Crop the middle of ``skip`` to the size of ``x`` and concatenate, x first.

    Shape: to (N, C + C', h, w).

    Raises:
        ValueError: The skip is smaller than x, or the number of images differs.

    Source: Ronneberger et al., 2015, arXiv:1505.04597, section 2.
    """
    _check_images(x, skip)
    height, width = x.shape[-2:]
    top, left = (
        (a - b) // 2 for a, b in zip(skip.shape[-2:], (height, width), strict=True)
    )
    if top < 0 or left < 0:
        raise ValueError(
            "skip must be at least as large as x, got "
            f"{tuple(skip.shape[-2:])} and {(height, width)}; use join_skip"
        )
    skip = skip[..., top : top + height, left : left + width]
    return torch.cat([x, skip], dim=1)


def _check_images(x: Tensor, skip: Tensor) -> None:
    if len(x) != len(skip):
        raise ValueError(
            "x and skip must hold equally many images, got "
            f"{tuple(x.shape)} and {tuple(skip.shape)}; take both from one batch"
        )
