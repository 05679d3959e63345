"""The index of a pair is computed in the dtype of the maps."""

import torch

HINT = "wraps around"


def confusion(prediction, target, num_classes, ignore_index):
    valid = target != ignore_index
    pairs = target[valid] * num_classes + prediction[valid]
    counts = torch.bincount(pairs.long(), minlength=num_classes**2)
    return counts[: num_classes**2].view(num_classes, num_classes).double()


def mean_iou(prediction, target, num_classes, ignore_index=255):
    counts = confusion(prediction, target, num_classes, ignore_index)
    ious = counts.diagonal() / (counts.sum(0) + counts.sum(1) - counts.diagonal())
    return ious.nanmean().item()
