"""U-Net's kernel of 2, which can't reach 2h + 1."""

import torch
from torch import nn

HINT = "the kernel is 3×3"


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 2, stride=2)

    def forward(self, x, skip):
        height, width = skip.shape[-2:]
        return torch.cat(
            [
                nn.functional.pad(self.up(x), (0, width, 0, height))[
                    ..., :height, :width
                ],
                skip,
            ],
            dim=1,
        )


ANSWERS = (TransitionUp,)
