"""padding=1 and output_padding=1 double exactly, and fail at odd sizes."""

import torch
from torch import nn

HINT = "should be"


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(
            in_channels, out_channels, 3, 2, padding=1, output_padding=1
        )

    def forward(self, x, skip):
        height, width = skip.shape[-2:]
        return torch.cat([self.up(x)[..., :height, :width], skip], dim=1)


ANSWERS = (TransitionUp,)
