"""The arguments of a dense CRF, checked before they reach code that could crash."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from course_utils.arguments import Rule, check_all, number, whole

_MOST_VALUES = 10**8
"""Largest C·H·W; beyond it the library runs out of memory and ends the process."""
_SUM_TOLERANCE = 0.01
"""Largest difference between 1 and the sum of a pixel's probabilities."""
_ITERATIONS = whole(0, 1000).but("10 are usually more than enough")
_MOST_WEIGHT = 1e6
_MOST_SMOOTHNESS_STDS, _MOST_APPEARANCE_STDS = 3000, 800
"""Largest width of an image in standard deviations, so that lattice points can be
numbered."""


@dataclass(frozen=True)
class Settings:
    """The parameters of ``dense_crf``, checked; pixels, gray levels and nats."""

    iterations: int
    smoothness_weight: float
    smoothness_std: float
    appearance_weight: float
    position_std: float
    color_std: float


def check_settings(size: tuple[int, int], iterations: Any, **given: Any) -> Settings:
    """Check the numbers for an image of H and W ``size``."""
    most_wide = max(size)
    rules = {
        "iterations": _ITERATIONS,
        "smoothness_weight": number(0, _MOST_WEIGHT),
        "appearance_weight": number(0, _MOST_WEIGHT),
        "smoothness_std": _std(most_wide / _MOST_SMOOTHNESS_STDS),
        "position_std": _std(most_wide / _MOST_APPEARANCE_STDS),
        "color_std": _std(255 / _MOST_APPEARANCE_STDS),
    }
    values = {name: _unwrapped(value) for name, value in given.items()}
    values["iterations"] = _unwrapped(iterations)
    check_all(rules, values.items())
    whole_number = values.pop("iterations")
    return Settings(whole_number, **{k: float(v) for k, v in values.items()})


def _std(least: float) -> Rule:
    return number(least).but("below that a kernel reaches no other pixel")


def _unwrapped(value: Any) -> Any:
    """Take the number out of an array or tensor of one value."""
    is_one = isinstance(value, np.ndarray | Tensor) and math.prod(value.shape) == 1
    return value.item() if is_one else value


def check_image(image: Any) -> Tensor:
    """Check an RGB image, uint8, (H, W, 3), array or tensor; return a tensor."""
    image = _as_tensor("image", image)
    shape = tuple(image.shape)
    if image.dtype != torch.uint8:
        advice = "; if it is in [0, 1], round 255 * image and make it uint8"
        advice *= image.is_floating_point()
        raise TypeError(f"image must be RGB as uint8, got {image.dtype}{advice}")
    if len(shape) != 3 or shape[2] != 3:
        advice = "; is it (3, H, W)?" if len(shape) == 3 and shape[0] == 3 else ""
        raise ValueError(f"image must be (H, W, 3), got {shape}{advice}")
    if image.min() < image.max() <= 1:
        raise ValueError(
            "image must have gray levels from 0 to 255, got only 0 and 1; multiply an "
            "image in [0, 1] by 255 before making it uint8"
        )
    return image


def check_probs(probs: Any, size: tuple[int, int]) -> Tensor:
    """Check probabilities, (C, *size), array or tensor; return a float32 tensor."""
    probs = _as_tensor("probs", probs)
    shape = tuple(probs.shape)
    if not probs.is_floating_point():
        raise TypeError(
            f"probs must be floating point, got {probs.dtype}; for logits, take "
            "softmax over the classes"
        )
    if len(shape) != 3 or shape[1:] != size or shape[0] < 2:
        advice = "; is it (H, W, C)?" if len(shape) == 3 and shape[:2] == size else ""
        raise ValueError(
            "probs must be (C, H, W), of at least 2 classes and an image of "
            f"{size[0]}×{size[1]} pixels, got {shape}{advice}"
        )
    probs = probs.float()
    _check_sums(probs.detach())
    return probs


def _check_sums(probs: Tensor) -> None:
    sums = probs.sum(dim=0)
    if not sums.isfinite().all():  # a sum is finite only if its terms are
        count = int((~probs.isfinite()).sum())
        raise ValueError(f"probs must be finite, got {count} values that are not")
    low, high, wrong = probs.min(), probs.max(), (sums - 1).abs().max()
    if low < 0 or high > 1 + _SUM_TOLERANCE or wrong > _SUM_TOLERANCE:
        raise ValueError(
            "probs must be from 0 to 1 and sum to 1 over the classes, got "
            f"{low:.3g} to {high:.3g}, and sums up to {wrong:.3g} away from 1; "
            "for logits, take softmax(dim=0)"
        )


def _as_tensor(name: str, value: Any) -> Tensor:
    """Return plain numbers, not too many, as a tensor; refuse the rest.

    An array is copied: it may be read-only, flipped or of another byte order.
    """
    accepted = isinstance(value, np.ndarray | Tensor)
    if not accepted or isinstance(value, np.ma.MaskedArray):
        kind = type(value).__name__
        raise TypeError(f"{name} must be an array or a tensor, got {kind}")
    if not 0 < math.prod(value.shape) <= _MOST_VALUES:
        raise ValueError(
            f"{name} must have from 1 to {_MOST_VALUES:,} values, got shape "
            f"{tuple(value.shape)}; shrink the image, or take fewer classes"
        )
    if isinstance(value, Tensor):
        if value.layout != torch.strided or value.is_meta:
            raise TypeError(f"{name} must be a plain tensor with values, not sparse")
        return value
    if value.dtype.kind not in "uif" or value.dtype.itemsize > 8:
        raise TypeError(f"{name} must hold plain numbers, got {value.dtype}")
    native = value.dtype.newbyteorder("=")
    return torch.tensor(np.ascontiguousarray(value, dtype=native))
