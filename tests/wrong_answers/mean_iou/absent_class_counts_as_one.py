"""A smoothing constant makes an absent class a perfect one."""

import torch

HINT = "absent class counts as 1"


def confusion(prediction, target, num_classes, ignore_index):
    valid = target != ignore_index
    pairs = target[valid].long() * num_classes + prediction[valid].long()
    counts = torch.bincount(pairs, minlength=num_classes**2)
    return counts.view(num_classes, num_classes).double()


def mean_iou(prediction, target, num_classes, ignore_index=255):
    counts = confusion(prediction, target, num_classes, ignore_index)
    hits = counts.diagonal()
    ious = (hits + 1e-6) / (counts.sum(0) + counts.sum(1) - hits + 1e-6)
    return ious.mean().item()
