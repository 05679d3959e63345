"""torch.median is taken for the median."""

import torch

HINT = "lower of the middle two"


def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = {}
    for k in range(num_classes):
        having = [t for t in targets if (t == k).any()]
        pixels = sum((t == k).sum().item() for t in having)
        if k == ignore_index or pixels == 0:
            continue
        frequency[k] = pixels / sum(t.numel() for t in having)
    occurring = torch.tensor(list(frequency.values()), dtype=torch.float64)
    median = occurring.median()
    weights = torch.zeros(num_classes)
    for k in frequency:
        weights[k] = median / frequency[k]
    return weights
