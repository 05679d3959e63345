"""Scores near the borders between classes."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from course_utils.labels import IGNORE_INDEX
from course_utils.metrics.confusion import ConfusionMatrix, mean_iou
from course_utils.metrics.label_maps import check_label_map, label_map_pairs


def boundary_distance(
    target: Tensor,
    *,
    sizes: Tensor | None = None,
    ignore_index: int = IGNORE_INDEX,
) -> Tensor:
    """Measure how far each pixel is from the nearest pixel with another label.

    Euclidean, center to center: 1 beside a straight border. Void is a label here: VOC
    draws it between the classes, so the distance counts from its edge, as in DeepLab's
    trimaps.

    Args:
        target: class indices and void, (H, W) or (N, H, W).
        sizes: height and width of each photograph, (N, 2), where the rest of its map is
            padding; the frame of a photograph is no border.
        ignore_index: the value of void.

    Returns:
        Pixels of the target, float32, of its shape and on its device; inf on void, on
        padding and where the whole map has one label.

    Raises:
        TypeError: ``target`` does not hold integers.
        ValueError: ``target`` is no label map.
    """
    check_label_map("target", target)
    labels = target.long().cpu().numpy()
    distance = np.full(labels.shape, np.inf, dtype=np.float32)
    size = labels.shape[-2:]
    maps = zip(distance.reshape(-1, *size), labels.reshape(-1, *size), strict=True)
    for k, (one_distance, one_map) in enumerate(maps):
        height, width = size if sizes is None else sizes[k].tolist()
        inside = np.s_[:height, :width]
        _measure(one_distance[inside], one_map[inside], ignore_index)
    return torch.from_numpy(distance).to(target.device)


def boundary_band(
    target: Tensor, width: float, *, ignore_index: int = IGNORE_INDEX
) -> Tensor:
    """Mark the pixels near a place where two labels meet.

    A pixel is in the band if its ``boundary_distance`` is at most ``width``: a straight
    border has ``width`` pixels on either side. Void itself is not in the band.

    Args:
        target: class indices and void, (H, W) or (N, H, W).
        width: of one side of the band, in pixels of the target, at least 1.
        ignore_index: the value of void.

    Returns:
        A mask of the shape of ``target``, bool, on its device.

    Raises:
        TypeError: ``target`` does not hold integers.
        ValueError: ``width`` is below 1, or ``target`` is no label map.
    """
    if width < 1:
        raise ValueError(f"width must be at least 1 pixel, got {width}")
    return boundary_distance(target, ignore_index=ignore_index) <= width


def boundary_iou(
    predictions: Iterable[Tensor],
    targets: Iterable[Tensor],
    num_classes: int,
    *,
    width: float = 3,
    ignore_index: int = IGNORE_INDEX,
) -> float:
    """Compute the mean IoU over the pixels of ``boundary_band`` alone.

    Args:
        predictions: class indices; a batch (N, H, W) or a sequence of maps or batches.
        targets: class indices and void, likewise.
        num_classes: how many classes there are, void not counted.
        width: of one side of the band, in pixels of the target.
        ignore_index: the value of void.

    Returns:
        ``mean_iou`` of one confusion matrix over the data set; nan if no borders occur.

    Source:
        The trimap score of Kohli et al., 2009, doi:10.1007/s11263-008-0202-0, and of
        DeepLab, arXiv:1412.7062, section 5. It is not the Boundary IoU of Cheng et al.,
        2021, arXiv:2103.16562, which compares the contours of two masks.
    """
    confusion = ConfusionMatrix(num_classes, ignore_index)
    for prediction, target in label_map_pairs(predictions, targets, ignore_index):
        band = boundary_band(target, width, ignore_index=ignore_index)
        confusion.update(prediction, target.where(band, ignore_index))
    return mean_iou(confusion.counts)


def _measure(distance: np.ndarray, labels: np.ndarray, ignore_index: int) -> None:
    """Fill in the distance of every pixel to another label, both arrays (H, W)."""
    for label in np.unique(labels[labels != ignore_index]):
        (box,) = ndimage.find_objects((labels == label).astype(np.uint8))
        # one pixel more on every side: that is where the nearest other label is
        crop = tuple(slice(max(side.start - 1, 0), side.stop + 1) for side in box)
        inside = labels[crop] == label
        if not inside.all():  # else the label fills the image and meets no other
            measured = ndimage.distance_transform_edt(inside)
            distance[crop] = np.where(inside, measured, distance[crop])


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
