"""Only the classes that occur get a weight."""

import torch

HINT = "should have shape (5,)"


def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequencies = []
    for k in range(num_classes):
        having = targets[(targets == k).flatten(1).any(dim=1)]
        if len(having) and k != ignore_index:
            frequencies.append((having == k).float().mean())
    frequency = torch.stack(frequencies)
    return frequency.quantile(0.5) / frequency
