"""The weight of an absent class is a division by zero."""

import torch

HINT = "occurs nowhere weighs 0"


def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = torch.zeros(num_classes)
    for k in range(num_classes):
        having = targets[(targets == k).flatten(1).any(dim=1)]
        if len(having) and k != ignore_index:
            frequency[k] = (having == k).float().mean()
    return frequency[frequency > 0].quantile(0.5) / frequency
