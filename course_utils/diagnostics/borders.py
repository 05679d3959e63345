"""Scores by the distance from a border."""

from collections.abc import Sequence

import torch
from torch import Tensor

from course_utils.labels import IGNORE_INDEX
from course_utils.metrics import ConfusionMatrix, boundary_distance, mean_iou


def boundary_curve(
    predictions: Tensor,
    targets: Tensor,
    num_classes: int,
    widths: Sequence[float],
    *,
    distance: Tensor | None = None,
) -> list[float]:
    """Compute ``metrics.boundary_iou`` for each of several widths of the band.

    Shape: predictions and targets (N, H, W), to as many proportions as widths.

    Args:
        predictions: class indices.
        targets: class indices and void.
        num_classes: of the label set.
        widths: of one side of the band, pixels.
        distance: ``metrics.boundary_distance`` of the targets, where it is at hand.
    """
    if distance is None:
        distance = boundary_distance(targets)
    device = "cuda" if torch.cuda.is_available() else "cpu"  # counts faster
    predictions, targets, distance = (
        maps.to(device) for maps in (predictions, targets, distance)
    )
    curve = []
    for width in widths:
        confusion = ConfusionMatrix(num_classes)
        confusion.update(predictions, targets.where(distance <= width, IGNORE_INDEX))
        curve.append(mean_iou(confusion.counts))
    return curve
