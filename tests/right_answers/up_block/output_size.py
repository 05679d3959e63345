"""The transposed convolution is told nothing, a slice does the rest."""

import torch
from torch import nn


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.up = nn.ConvTranspose2d(in_channels, half, 2, 2)
        self.convs = nn.ModuleList(
            nn.Conv2d(before, out_channels, 3, padding=1)
            for before in (half + skip_channels, out_channels)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(out_channels) for _ in range(2))

    def forward(self, x, skip):
        enlarged = self.up(x)
        joined = skip.new_zeros(len(x), enlarged.shape[1], *skip.shape[2:])
        height, width = (
            min(a, b) for a, b in zip(enlarged.shape[2:], skip.shape[2:], strict=True)
        )
        joined[..., :height, :width] = enlarged[..., :height, :width]
        x = torch.cat([joined, skip], dim=1)
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = norm(conv(x)).clamp(min=0)
        return x


ANSWERS = (UpBlock,)
