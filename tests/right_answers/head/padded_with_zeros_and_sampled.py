"""Zeros are added by hand; the scores are enlarged by grid_sample."""

import torch
import torch.nn.functional as F
from torch import nn


class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 16, 7)
        self.fc7 = nn.Conv2d(16, 16, 1)
        self.score = nn.Conv2d(16, num_classes, 1)

    def forward(self, pool5, size):
        x = self.fc6(F.pad(pool5, [3] * 4)).clamp(min=0)
        x = self.score(self.fc7(x).clamp(min=0))
        places = [(torch.arange(n) + 0.5) * 2 / n - 1 for n in size]
        rows, columns = torch.meshgrid(*places, indexing="ij")
        grid = torch.stack([columns, rows], dim=-1).expand(len(x), -1, -1, -1)
        return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


ANSWERS = (Head,)
