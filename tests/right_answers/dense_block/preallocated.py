"""New maps are split off the stack that they were written into."""

import torch
from torch import nn


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.in_channels = in_channels
        self.norms, self.convs = nn.ModuleList(), nn.ModuleList()
        for k in range(num_layers):
            width = in_channels + k * growth_rate
            self.norms.append(nn.BatchNorm2d(width))
            self.convs.append(nn.Conv2d(width, growth_rate, 3, padding="same"))
        self.dropout = nn.Dropout(p=0.2)

    def forward(self, x):
        for norm, conv in zip(self.norms, self.convs, strict=True):
            x = torch.cat([x, self.dropout(conv(norm(x).relu()))], dim=1)
        new = x.shape[1] - self.in_channels
        return x, x.split([self.in_channels, new], dim=1)[1]


ANSWERS = (DenseBlock,)
