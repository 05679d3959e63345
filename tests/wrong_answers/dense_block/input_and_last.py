"""Each layer sees the input and the last maps, as a residual block does."""

import torch
from torch import nn

HINT = "maps of all layers before it"


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        first = in_channels
        for _ in range(num_layers):
            self.layers.append(
                nn.Sequential(
                    nn.BatchNorm2d(in_channels),
                    nn.ReLU(),
                    nn.Conv2d(in_channels, growth_rate, 3, padding=1),
                    nn.Dropout(0.2),
                )
            )
            in_channels = first + growth_rate

    def forward(self, x):
        new = []
        for layer in self.layers:
            new.append(layer(torch.cat([x, *new[-1:]], dim=1)))
        return torch.cat([x, *new], dim=1), torch.cat(new, dim=1)


ANSWERS = (DenseBlock,)
