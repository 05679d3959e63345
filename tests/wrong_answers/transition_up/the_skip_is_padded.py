"""The skip is brought to the enlarged map's size, and the output is too large."""

import torch
import torch.nn.functional as F
from torch import nn

HINT = "should have shape"


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)

    def forward(self, x, skip):
        x = self.up(x)
        rows, columns = x.shape[2] - skip.shape[2], x.shape[3] - skip.shape[3]
        return torch.cat([x, F.pad(skip, (0, columns, 0, rows))], dim=1)


ANSWERS = (TransitionUp,)
