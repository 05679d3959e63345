"""A histogram an image, then sums along the images."""

import torch


def median_frequency_weights(targets, num_classes, ignore_index=255):
    shifted = torch.where(targets == ignore_index, num_classes, targets.long())
    counts = torch.stack(
        [torch.bincount(t.flatten(), minlength=num_classes + 1) for t in shifted]
    )[:, :num_classes]
    images = (counts > 0).sum(dim=0)
    frequency = counts.sum(dim=0) / (images * targets[0].numel())
    occurs = images > 0
    median = torch.quantile(frequency[occurs], 0.5)
    return torch.where(occurs, median / frequency, 0.0).float()
