"""in_channels and out_channels change places."""

import torch
from torch import nn

HINT = "should enlarge with weights (4, 6, 3, 3)"


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(out_channels, in_channels, 3, stride=2)

    def forward(self, x, skip):
        height, width = skip.shape[-2:]
        return torch.cat([self.up(x)[..., :height, :width], skip], dim=1)


ANSWERS = (TransitionUp,)
