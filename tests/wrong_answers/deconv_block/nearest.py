"""The map is enlarged by copies, and the indices are not used."""

import torch.nn.functional as F
from torch import nn

HINT = "enlarges by copies"


class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        layers = []
        for k in range(num_layers):
            width = out_channels if k == num_layers - 1 else in_channels
            layers += [
                nn.ConvTranspose2d(in_channels, width, 3, padding=1),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers)

    def forward(self, x, indices, output_size):
        return self.layers(F.interpolate(x, size=output_size))


ANSWERS = (DeconvBlock,)
