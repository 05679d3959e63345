"""A larger kernel, since the map is so empty."""

import torch.nn.functional as F
from torch import nn

HINT = "3×3, stride 1, padding 1"


class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        layers = []
        for k in range(num_layers):
            width = out_channels if k == num_layers - 1 else in_channels
            layers += [
                nn.ConvTranspose2d(in_channels, width, 5, padding=2),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers)

    def forward(self, x, indices, output_size):
        x = F.max_unpool2d(x, indices, 2, output_size=output_size)
        return self.layers(x)


ANSWERS = (DeconvBlock,)
