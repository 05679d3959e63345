"""Weights in double precision do not fit the logits."""

import torch

HINT = "should hold torch.float32"


def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = {}
    for k in range(num_classes):
        having = [t for t in targets if (t == k).any()]
        pixels = sum((t == k).sum().item() for t in having)
        if k == ignore_index or pixels == 0:
            continue
        frequency[k] = pixels / sum(t.numel() for t in having)
    occurring = torch.tensor(list(frequency.values()), dtype=torch.float64)
    median = occurring.quantile(0.5)
    weights = torch.zeros(num_classes, dtype=torch.float64)
    for k in frequency:
        weights[k] = median / frequency[k]
    return weights
