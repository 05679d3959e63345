"""Interpolation in place of a transposed convolution."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.skips import join_skip

HINT = "Enlarge, join, then twice"


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.halve = nn.Conv2d(in_channels, half, 1)
        self.convs = nn.Sequential(
            nn.Conv2d(half + skip_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, x, skip):
        x = F.interpolate(self.halve(x), scale_factor=2, mode="bilinear")
        return self.convs(join_skip(x, skip))


ANSWERS = (UpBlock,)
