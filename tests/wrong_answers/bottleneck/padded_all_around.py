"""A small map is put into the middle of 7×7 cells."""

import torch.nn.functional as F
from torch import nn

HINT = "at the bottom and right alone"


def layers(kind, in_channels, out_channels, kernel_size):
    return nn.Sequential(
        kind(in_channels, out_channels, kernel_size),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


class Bottleneck(nn.Module):
    def __init__(self, in_channels, hidden_channels):
        super().__init__()
        self.fc6 = layers(nn.Conv2d, in_channels, hidden_channels, 7)
        self.fc7 = layers(nn.Conv2d, hidden_channels, hidden_channels, 1)
        self.fc6_deconv = layers(nn.ConvTranspose2d, hidden_channels, in_channels, 7)

    def forward(self, pool5):
        height, width = pool5.shape[-2:]
        down, right = max(0, 7 - height), max(0, 7 - width)
        top, left = down // 2, right // 2
        x = F.pad(pool5, (left, right - left, top, down - top))
        x = self.fc6_deconv(self.fc7(self.fc6(x)))
        return x[..., top : top + height, left : left + width]


ANSWERS = (Bottleneck,)
