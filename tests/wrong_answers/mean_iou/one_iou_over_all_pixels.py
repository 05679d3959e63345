"""Intersections and unions are summed over the classes before dividing."""

import torch

HINT = "one IoU over all pixels"


def confusion(prediction, target, num_classes, ignore_index):
    valid = target != ignore_index
    pairs = target[valid].long() * num_classes + prediction[valid].long()
    counts = torch.bincount(pairs, minlength=num_classes**2)
    return counts.view(num_classes, num_classes).double()


def mean_iou(prediction, target, num_classes, ignore_index=255):
    counts = confusion(prediction, target, num_classes, ignore_index)
    hits = counts.diagonal().sum()
    return (hits / (2 * counts.sum() - hits)).item()
