"""The skip is put before x."""

import torch
from torch import nn

from course_utils.models.skips import join_skip

HINT = "x first"


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.up = nn.ConvTranspose2d(in_channels, half, 2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(half + skip_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, x, skip):
        x = self.up(x)
        joined = join_skip(x, skip)
        x, skip = joined[:, : x.shape[1]], joined[:, x.shape[1] :]
        return self.convs(torch.cat([skip, x], dim=1))


ANSWERS = (UpBlock,)
