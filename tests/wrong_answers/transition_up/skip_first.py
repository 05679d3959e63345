"""The skip is put first."""

import torch
from torch import nn

HINT = "x first"


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)

    def forward(self, x, skip):
        height, width = skip.shape[-2:]
        return torch.cat([skip, self.up(x)[..., :height, :width]], dim=1)


ANSWERS = (TransitionUp,)
