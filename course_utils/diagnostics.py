"""Interventions that test a claim."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from scipy import ndimage
from torch import Tensor

from course_utils.labels import IGNORE_INDEX
from course_utils.metrics import ConfusionMatrix, boundary_distance, mean_iou


def stride_oracle(
    targets: Tensor, stride: int, num_classes: int, *, ignore_index: int = IGNORE_INDEX
) -> Tensor:
    """Predict as a network would that knows the true shares of every coarse cell.

    Each cell of the coarse map holds the true proportions of the classes under it;
    they are enlarged bilinearly, and the largest wins. This shows what averaging over a
    cell destroys. It is no upper bound: other numbers than the true shares can put a
    border inside a cell.

    Args:
        targets: class indices, (N, H, W).
        stride: side of a cell, pixels.
        num_classes: of the label set.
        ignore_index: void; it enters no proportion.

    Returns:
        Class indices, uint8, (N, H, W).

    Raises:
        ValueError: a value is neither a class index nor void.

    Source:
        Long et al., 2015, arXiv:1411.4038, appendix A. Unlike there, targets are
        averaged instead of subsampled.
    """
    known = targets[targets != ignore_index]
    if len(known) and not 0 <= known.min() <= known.max() < num_classes:
        raise ValueError(
            f"targets must hold class indices from 0 to {num_classes - 1} or "
            f"{ignore_index} for void, got {known.min()} to {known.max()}"
        )
    height, width = targets.shape[-2:]
    rows = torch.arange(height, device=targets.device) // stride
    columns = torch.arange(width, device=targets.device) // stride
    h, w = -(-height // stride), -(-width // stride)
    cells = w * rows[:, None] + columns  # which cell of the coarse map a pixel is in
    predictions = []
    for target in targets:
        classes = torch.where(target == ignore_index, num_classes, target.long())
        pairs = (num_classes + 1) * cells + classes
        counts = torch.bincount(pairs.flatten(), minlength=h * w * (num_classes + 1))
        counts = counts.view(h, w, num_classes + 1)[..., :num_classes].float()
        shares = counts / counts.sum(dim=-1, keepdim=True).clamp(min=1)
        coarse = shares.permute(2, 0, 1)[None]  # (1, num_classes, h, w)
        fine = F.interpolate(coarse, scale_factor=stride, mode="bilinear")
        predictions.append(fine[0, :, :height, :width].argmax(dim=0).to(torch.uint8))
    return torch.stack(predictions)


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
    curve = []
    for width in widths:
        confusion = ConfusionMatrix(num_classes)
        confusion.update(predictions, targets.where(distance <= width, IGNORE_INDEX))
        curve.append(mean_iou(confusion.counts))
    return curve


def paste_reflection(
    image: np.ndarray,
    host: np.ndarray,
    object_image: np.ndarray,
    object_mask: np.ndarray,
    *,
    opacity: float,
    proportion: float = 0.5,
) -> tuple[np.ndarray, np.ndarray]:
    """Paste a mirrored object into the middle of another, as a window shows it.

    The target does not change: what is reflected by a bus is bus.

    Args:
        image: RGB, uint8, (H, W, 3).
        host: mask of the object that reflects, (H, W).
        object_image: RGB, uint8, (h, w, 3): the reflected object's picture.
        object_mask: which of its pixels are the object, (h, w).
        opacity: 0 leaves the image as it was, 1 hides what is behind.
        proportion: of the widest circle inside the host that the paste may fill.

    Returns:
        The image with the reflection, uint8, (H, W, 3), and the mask of the pixels that
        changed hands, (H, W); they all lie inside ``host``.

    Raises:
        ValueError: ``opacity`` or ``proportion`` is out of range, or a mask is empty or
            of another size than its image.
    """
    if not (0 <= opacity <= 1 and 0 < proportion <= 1):
        raise ValueError(
            "opacity must be from 0 to 1 and proportion above 0 and at most 1, got "
            f"{opacity} and {proportion}"
        )
    for mask, picture in ((host, image), (object_mask, object_image)):
        if mask.shape != picture.shape[:2] or not mask.any():
            raise ValueError(
                "a mask must mark some pixels of its image, got a mask of "
                f"{mask.shape} with {int(mask.sum())} pixels for {picture.shape[:2]}"
            )
    # The border of the image counts as outside the host
    depth = ndimage.distance_transform_edt(np.pad(host, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    rows, columns = object_mask.nonzero()
    box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    patch, inside = object_image[box][:, ::-1], object_mask[box][:, ::-1]
    scale = 2 * proportion * depth.max() / np.hypot(*inside.shape)
    height, width = (max(1, int(side * scale)) for side in inside.shape)
    patch = np.asarray(Image.fromarray(patch).resize((width, height)))
    inside = np.asarray(Image.fromarray(inside).resize((width, height), Image.NEAREST))
    top, left = row - height // 2, column - width // 2
    frame = np.s_[top : top + height, left : left + width]
    pasted = np.zeros(host.shape, dtype=bool)
    pasted[frame] = inside & host[frame]
    mixed = image.astype(np.float64)
    mixed[frame] += opacity * (patch - mixed[frame])
    return np.where(pasted[..., None], mixed.round(), image).astype(np.uint8), pasted
