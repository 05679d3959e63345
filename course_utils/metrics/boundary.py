"""Scores near the borders between classes."""

from collections.abc import Sequence

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from course_utils.arguments import (
    CLASSES,
    checked,
    each,
    number,
    optional,
    tensor,
)
from course_utils.labels import IGNORE_INDEX
from course_utils.metrics.confusion import ConfusionMatrix, mean_iou
from course_utils.metrics.label_maps import LABEL_MAP

_DISTANCE = optional(tensor("H W or N H W", "float"))


@checked(target=LABEL_MAP, sizes=optional(tensor("N 2", "integer")))
def boundary_distance(target: Tensor, *, sizes: Tensor | None = None) -> Tensor:
    """Measure how far each pixel is from the nearest pixel with another label.

    The distance is Euclidean, from center to center: 1 beside a straight border. Void
    counts as a label: VOC draws it between the classes, so distances start at its edge,
    as in DeepLab's trimaps.

    Args:
        target: Class indices and void, (H, W) or (N, H, W).
        sizes: Height and width of each photograph, (N, 2), if the rest of its map is
            padding; the edge of a photograph is not a border.

    Returns:
        Distances in pixels of the target, float32, of its shape and on its device; inf
        on void, on padding, and if the whole map has one label.

    Raises:
        TypeError: ``target`` does not hold integers.
        ValueError: ``target`` is not a label map.
    """
    _check_sizes(target, sizes)
    labels = target.long().cpu().numpy()
    if labels.min() < 0:
        raise ValueError(
            f"target must hold class indices from 0 up, got {labels.min()}; void is "
            f"{IGNORE_INDEX}, not -1"
        )
    distance = np.full(labels.shape, np.inf, dtype=np.float32)
    size = labels.shape[-2:]
    maps = zip(distance.reshape(-1, *size), labels.reshape(-1, *size), strict=True)
    for k, (one_distance, one_map) in enumerate(maps):
        height, width = size if sizes is None else sizes[k].tolist()
        inside = np.s_[:height, :width]
        _measure(one_distance[inside], one_map[inside])
    return torch.from_numpy(distance).to(target.device)


def _check_sizes(target: Tensor, sizes: Tensor | None) -> None:
    """Refuse sizes of other photographs than the target's."""
    if sizes is None:
        return
    height, width = target.shape[-2:]
    number = len(target) if target.ndim == 3 else 1
    largest = torch.tensor([height, width], device=sizes.device)
    if len(sizes) != number or (sizes < 1).any() or (sizes > largest).any():
        raise ValueError(
            f"sizes must hold height and width of each of the {number} photographs, "
            f"from 1 to {height} and {width}, got {sizes.tolist()}"
        )


def _measure(distance: np.ndarray, labels: np.ndarray) -> None:
    """Fill in the distance of every pixel to another label, both arrays (H, W)."""
    for label in np.unique(labels[labels != IGNORE_INDEX]):
        (box,) = ndimage.find_objects((labels == label).astype(np.uint8))
        # One more pixel on every side, where the nearest other label is
        crop = tuple(slice(max(side.start - 1, 0), side.stop + 1) for side in box)
        inside = labels[crop] == label
        if not inside.all():  # otherwise the label fills the image and has no border
            measured = ndimage.distance_transform_edt(inside)
            distance[crop] = np.where(inside, measured, distance[crop])


def _check_distance(distance: Tensor, target: Tensor) -> None:
    """Refuse distances of other maps."""
    if distance.shape != target.shape:
        raise ValueError(
            f"distance must be of the target's shape {tuple(target.shape)}, got "
            f"{tuple(distance.shape)}; take boundary_distance of the same target"
        )


@checked(target=LABEL_MAP, width=number(1), distance=_DISTANCE)
def boundary_band(
    target: Tensor, width: float, *, distance: Tensor | None = None
) -> Tensor:
    """Mark the pixels near a place where two labels meet.

    A pixel is in the band if its ``boundary_distance`` is at most ``width``: a straight
    border has ``width`` pixels on either side. Void itself is not in the band.

    Args:
        target: Class indices and void, (H, W) or (N, H, W).
        width: Width of one side of the band, in pixels of the target, at least 1.
        distance: Result of ``boundary_distance`` for the target, if known.

    Returns:
        A mask of the shape of ``target``, bool, on its device.

    Raises:
        TypeError: ``target`` does not hold integers.
        ValueError: ``width`` is below 1, or ``target`` is not a label map.
    """
    if distance is None:
        distance = boundary_distance(target)
    _check_distance(distance, target)
    return distance.to(target.device) <= width


@checked(
    predictions=LABEL_MAP,
    targets=LABEL_MAP,
    num_classes=CLASSES,
    width=number(1),
    distance=_DISTANCE,
)
def boundary_iou(
    predictions: Tensor,
    targets: Tensor,
    num_classes: int,
    *,
    width: float = 3,
    distance: Tensor | None = None,
) -> float:
    """Compute the mean IoU over the pixels of ``boundary_band`` alone.

    Args:
        predictions: Class indices, (H, W) or (N, H, W).
        targets: Class indices and void, of the same shape.
        num_classes: Number of classes, void not counted.
        width: Width of one side of the band, in pixels of the targets.
        distance: Result of ``boundary_distance`` for the targets, if known.

    Returns:
        ``mean_iou`` of one confusion matrix over the data set; nan without borders.

    Source:
        The trimap score of Kohli et al., 2009, doi:10.1007/s11263-008-0202-0, and of
        DeepLab, arXiv:1412.7062, section 5. It is not the Boundary IoU of Cheng et al.,
        2021, arXiv:2103.16562, which compares the contours of two masks.
    """
    band = boundary_band(targets, width, distance=distance)
    confusion = ConfusionMatrix(num_classes)
    confusion.update(predictions, targets.where(band, IGNORE_INDEX))
    return mean_iou(confusion.counts)


@checked(
    predictions=LABEL_MAP,
    targets=LABEL_MAP,
    num_classes=CLASSES,
    widths=each(number(1)),
    distance=_DISTANCE,
)
def boundary_curve(
    predictions: Tensor,
    targets: Tensor,
    num_classes: int,
    widths: Sequence[float],
    *,
    distance: Tensor | None = None,
) -> list[float]:
    """Compute ``boundary_iou`` for each of several widths of the band.

    The distances are measured once, and a GPU counts if there is one. The arguments are
    those of ``boundary_iou``.
    """
    if distance is None:
        distance = boundary_distance(targets)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    maps = predictions.to(device), targets.to(device)
    near = distance.to(device)
    return [boundary_iou(*maps, num_classes, width=w, distance=near) for w in widths]
