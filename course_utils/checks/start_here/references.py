"""Right values for notebook 00 by other means than a reader's: masks, pixel centers.

Each function is named after the exercise whose answers are compared with it.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def mean_iou(
    prediction: Tensor, target: Tensor, num_classes: int, ignore_index: int = 255
) -> float:
    """Compute mean IoU class by class from masks, without a confusion matrix."""
    valid = target != ignore_index
    ious = []
    for k in range(num_classes):
        predicted, true = (prediction == k) & valid, (target == k) & valid
        if union := (predicted | true).sum().item():
            ious.append((predicted & true).sum().item() / union)
    return sum(ious) / len(ious) if ious else float("nan")


def shrink_pair(
    images: Tensor,
    targets: Tensor,
    size: tuple[int, int],
    *,
    ties: tuple[int, int] = (0, 0),
) -> tuple[Tensor, Tensor]:
    """Average images, pick targets: the pixel whose center is nearest to the new one.

    Two rows are equally near where the new center lies on the edge between them, as at
    a factor of 2; a tie of 0 takes the second and 1 the first. Columns likewise.
    """
    picked = targets
    for dim, new, tie in zip((1, 2), size, ties, strict=True):
        # (k + 1/2) old / new, in integers; a pixel reaches from its index to the next.
        center = (2 * torch.arange(new) + 1) * targets.shape[dim]
        picked = picked.index_select(dim, (center - tie) // (2 * new))
    options = {"mode": "bilinear", "align_corners": False, "antialias": True}
    return F.interpolate(images, size=size, **options), picked
