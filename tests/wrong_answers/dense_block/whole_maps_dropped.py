"""Dropout2d drops whole maps, as the lecture's code does."""

import torch
from torch import nn

HINT = "Dropout2d drops whole maps"


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for _ in range(num_layers):
            self.layers.append(
                nn.Sequential(
                    nn.BatchNorm2d(in_channels),
                    nn.ReLU(),
                    nn.Conv2d(in_channels, growth_rate, 3, padding=1),
                    nn.Dropout2d(0.2),
                )
            )
            in_channels += growth_rate

    def forward(self, x):
        new = []
        for layer in self.layers:
            new.append(layer(torch.cat([x, *new], dim=1)))
        return torch.cat([x, *new], dim=1), torch.cat(new, dim=1)


ANSWERS = (DenseBlock,)
