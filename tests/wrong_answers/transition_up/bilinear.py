"""Interpolation and a convolution in place of a transposed one."""

import torch
import torch.nn.functional as F
from torch import nn

HINT = "one transposed convolution"


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, padding=1)

    def forward(self, x, skip):
        x = F.interpolate(x, size=skip.shape[-2:], mode="bilinear")
        return torch.cat([self.conv(x), skip], dim=1)


ANSWERS = (TransitionUp,)
