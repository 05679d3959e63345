"""The nearest center is searched for: of two that are as near, the first."""

import torch
import torch.nn.functional as F


def nearest(old, new):
    centers = (torch.arange(new, dtype=torch.float64) + 0.5) * old / new
    distance = (centers[:, None] - torch.arange(old) - 0.5).abs()
    return (distance < distance.min(dim=1, keepdim=True).values + 1e-9).int().argmax(1)


def shrink_pair(images, targets, size):
    rows, columns = map(nearest, targets.shape[1:], size)
    images = F.interpolate(images, size=size, mode="bicubic", antialias=True)
    return images, targets[:, rows[:, None], columns]
