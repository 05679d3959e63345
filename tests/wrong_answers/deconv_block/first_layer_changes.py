"""The first layer changes the channels."""

import torch.nn.functional as F
from torch import nn

HINT = "Only the last layer changes"


class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        layers = []
        for k in range(num_layers):
            width = in_channels if k == 0 else out_channels
            layers += [
                nn.ConvTranspose2d(width, out_channels, 3, padding=1),
                nn.BatchNorm2d(out_channels),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers)

    def forward(self, x, indices, output_size):
        x = F.max_unpool2d(x, indices, 2, output_size=output_size)
        return self.layers(x)


ANSWERS = (DeconvBlock,)
