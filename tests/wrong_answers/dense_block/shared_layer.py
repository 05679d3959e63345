"""One and the same layer is used again and again."""

import torch
from torch import nn

HINT = "maps of all layers before it"


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.num_layers = num_layers
        self.layer = nn.Sequential(
            nn.BatchNorm2d(in_channels),
            nn.ReLU(),
            nn.Conv2d(in_channels, growth_rate, 3, padding=1),
            nn.Dropout(0.2),
        )

    def forward(self, x):
        new = [self.layer(x) for _ in range(self.num_layers)]
        return torch.cat([x, *new], dim=1), torch.cat(new, dim=1)


ANSWERS = (DenseBlock,)
