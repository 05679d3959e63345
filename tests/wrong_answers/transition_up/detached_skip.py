"""The skip is detached, to save memory."""

import torch
from torch import nn

HINT = "carry a gradient to its argument 2"


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)

    def forward(self, x, skip):
        height, width = skip.shape[-2:]
        return torch.cat([self.up(x)[..., :height, :width], skip.detach()], dim=1)


ANSWERS = (TransitionUp,)
