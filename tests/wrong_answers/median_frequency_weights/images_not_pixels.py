"""The frequency of a class is the share of images in which it occurs."""

import torch

HINT = "Median of 3/4 and 1/4"


def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = torch.zeros(num_classes)
    for k in range(num_classes):
        if k != ignore_index:
            frequency[k] = (targets == k).flatten(1).any(dim=1).float().mean()
    median = frequency[frequency > 0].quantile(0.5)
    return (median / frequency).where(frequency > 0, 0.0)
