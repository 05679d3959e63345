"""Skips by concatenation: a decoder's map and an encoder's map become one."""

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.arguments import checked
from course_utils.models.blocks import MAPS


@checked(x=MAPS, skip=MAPS)
def join_skip(x: Tensor, skip: Tensor) -> Tensor:
    """Bring ``x`` to the size of ``skip`` and concatenate the two, x first.

    Zeros are added, or cells cropped, at the bottom and right: the first cells of both
    maps lie on the same corner of the image. Built in notebook 04 (exercise 4.1).

    Shape: x (N, C, h, w) and skip (N, C', H, W) to (N, C + C', H, W).
    """
    if len(x) != len(skip):
        raise ValueError(
            f"x and skip must be of the same images, got {len(x)} and {len(skip)}"
        )
    height, width = skip.shape[-2:]
    bottom, right = height - x.shape[-2], width - x.shape[-1]
    if bottom or right:
        x = F.pad(x, (0, right, 0, bottom))  # a negative number crops
    return torch.cat([x, skip], dim=1)
