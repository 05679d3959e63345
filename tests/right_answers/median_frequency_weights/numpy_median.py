"""NumPy takes the median."""

import numpy as np
import torch


def median_frequency_weights(targets, num_classes, ignore_index=255):
    maps = targets.numpy()
    frequency = np.full(num_classes, np.nan)
    for k in set(range(num_classes)) - {ignore_index}:
        occurs = (maps == k).any(axis=(1, 2))
        if occurs.any():
            frequency[k] = (maps == k).sum() / maps[occurs].size
    weights = np.nanmedian(frequency) / frequency
    return torch.from_numpy(np.nan_to_num(weights)).float()
