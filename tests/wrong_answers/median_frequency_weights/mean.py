"""The mean frequency stands in for the median."""

import torch

HINT = "median, not the mean"


def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = {}
    for k in range(num_classes):
        having = [t for t in targets if (t == k).any()]
        pixels = sum((t == k).sum().item() for t in having)
        if k == ignore_index or pixels == 0:
            continue
        frequency[k] = pixels / sum(t.numel() for t in having)
    occurring = torch.tensor(list(frequency.values()), dtype=torch.float64)
    median = occurring.mean()
    weights = torch.zeros(num_classes)
    for k in frequency:
        weights[k] = median / frequency[k]
    return weights
