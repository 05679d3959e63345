"""A subclass of the layer, whose output is narrowed."""

import torch
from torch import nn


class TransitionUp(nn.ConvTranspose2d):
    def __init__(self, in_channels, out_channels):
        super().__init__(in_channels, out_channels, 3, stride=2, bias=False)

    def forward(self, x, skip):
        x = super().forward(x)
        for dim in (2, 3):
            x = x.narrow(dim, 0, skip.shape[dim])
        return torch.cat([x, skip], dim=1)


ANSWERS = (TransitionUp,)
