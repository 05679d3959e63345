"""What a coarse output stride alone destroys."""

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.arguments import CLASSES, checked, tensor, whole
from course_utils.labels import IGNORE_INDEX


@checked(
    targets=tensor("N H W", "integer").but("a single target needs targets[None]"),
    stride=whole(1),
    num_classes=CLASSES,
    ignore_index=whole(),
)
def stride_oracle(
    targets: Tensor, stride: int, num_classes: int, *, ignore_index: int = IGNORE_INDEX
) -> Tensor:
    """Predict like a network that knows the true proportions in every coarse cell.

    Each cell of the coarse map holds the true proportions of the classes under it;
    they are enlarged bilinearly, and the largest wins. This shows what averaging over a
    cell destroys. It is not an upper bound: other numbers than the true proportions can
    place a border inside a cell.

    Args:
        targets: Class indices, (N, H, W).
        stride: Side of a cell, pixels.
        num_classes: Number of classes in the label set.
        ignore_index: Index of void, which does not count in any proportion.

    Returns:
        Class indices, uint8, (N, H, W).

    Raises:
        ValueError: A value is neither a class index nor void.

    Source:
        Long et al., 2015, arXiv:1411.4038, appendix A. Unlike there, targets are
        averaged instead of subsampled.
    """
    known = targets[targets != ignore_index]
    if len(known) and not 0 <= known.min() <= known.max() < num_classes:
        raise ValueError(
            f"targets must hold class indices from 0 to {num_classes - 1} or "
            f"{ignore_index} for void, got {known.min()} to {known.max()}; check "
            "num_classes and ignore_index"
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
