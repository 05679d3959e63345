"""Checks of the label maps that metrics are given."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from course_utils.arguments import each, tensor
from course_utils.labels import IGNORE_INDEX

LABEL_MAP = tensor("H W or N H W", "integer").but(
    "for logits, take argmax(dim=1); for an array, torch.as_tensor"
)
"""A rule that functions share: class indices and void."""
LABEL_MAPS = each(tensor("H W", "integer"))
"""The same for a batch (N, H, W), or a list of maps of several sizes."""


def stack_pair(prediction: Tensor, target: Tensor) -> Tensor:
    """Check a prediction and its target; stack them, int64, (2, H, W) or (2, N, …)."""
    LABEL_MAP.check("prediction", prediction)
    LABEL_MAP.check("target", target)
    if prediction.shape != target.shape:
        raise ValueError(
            "prediction and target must have the same shape, got "
            f"{tuple(prediction.shape)} and {tuple(target.shape)}"
        )
    # Arithmetic on class indices would wrap around in uint8
    return torch.stack([prediction.long(), target.long()])


def value_range(pair: Tensor, ignore_index: int) -> tuple[Tensor, Tensor]:
    """Find the lowest and the highest values of both maps where the target is not void.

    They are two int64 tensors (2,), on the device of ``pair``, and enclose 0.
    """
    seen = torch.where(pair[1] == ignore_index, 0, pair).flatten(1)
    return seen.amin(dim=1).clamp(max=0), seen.amax(dim=1).clamp(min=0)


def check_values(lowest: Tensor, highest: Tensor, num_classes: int) -> None:
    """Refuse values outside the label set, given what ``value_range`` returns."""
    ranges = zip(lowest.tolist(), highest.tolist(), strict=True)
    for name, (low, high) in zip(("prediction", "target"), ranges, strict=True):
        value = low if low < 0 else high
        if not 0 <= value < num_classes:
            raise ValueError(
                f"{name} must hold class indices from 0 to {num_classes - 1} where the "
                f"target is not void, got {value}"
            )


def label_map_pairs(
    predictions: Sequence[Tensor], targets: Sequence[Tensor]
) -> Iterator[Tensor]:
    """Yield each prediction and its target, checked, int64, (2, H, W), on the CPU."""
    if len(predictions) != len(targets):
        raise ValueError(
            "predictions and targets must be equally many, got "
            f"{len(predictions)} and {len(targets)}"
        )
    for prediction, target in zip(predictions, targets, strict=True):
        pair = stack_pair(prediction, target).cpu()
        check_values(*value_range(pair, IGNORE_INDEX), IGNORE_INDEX)
        yield pair
