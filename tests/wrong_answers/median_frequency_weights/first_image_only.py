"""Images after the first are forgotten."""

import torch

HINT = "2 of the 4 pixels"


def median_frequency_weights(targets, num_classes, ignore_index=255):
    counts = torch.zeros(num_classes)
    for k in range(num_classes):
        if k != ignore_index:
            counts[k] = (targets[0] == k).sum()
    frequency = counts / targets[0].numel()
    median = frequency[frequency > 0].quantile(0.5)
    return (median / frequency).where(frequency > 0, 0.0)
