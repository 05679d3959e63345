"""F.dropout is on in evaluation mode, too."""

import torch
import torch.nn.functional as F
from torch import nn

HINT = "new of DenseBlock"


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
                )
            )
            in_channels += growth_rate

    def forward(self, x):
        new = []
        for layer in self.layers:
            new.append(F.dropout(layer(torch.cat([x, *new], 1)), 0.2))
        return torch.cat([x, *new], dim=1), torch.cat(new, dim=1)


ANSWERS = (DenseBlock,)
