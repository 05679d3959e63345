"""A kernel of 4 makes 2h + 2."""

import torch
from torch import nn

HINT = "the kernel is 3×3"


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 4, stride=2)

    def forward(self, x, skip):
        height, width = skip.shape[-2:]
        return torch.cat([self.up(x)[..., :height, :width], skip], dim=1)


ANSWERS = (TransitionUp,)
