"""Concatenated without fitting the sizes."""

import torch
from torch import nn

HINT = "x, enlarged by 2, has 8×10 cells and the skip 9×10"


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
        return self.convs(torch.cat([self.up(x), skip], dim=1))


ANSWERS = (UpBlock,)
