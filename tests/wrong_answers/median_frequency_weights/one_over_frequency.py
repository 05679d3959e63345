"""Weights are inverse frequencies."""

import torch

HINT = "the median is missing"


def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = {}
    for k in range(num_classes):
        having = [t for t in targets if (t == k).any()]
        pixels = sum((t == k).sum().item() for t in having)
        if k == ignore_index or pixels == 0:
            continue
        frequency[k] = pixels / sum(t.numel() for t in having)
    weights = torch.zeros(num_classes)
    for k in frequency:
        weights[k] = 1 / frequency[k]
    return weights
