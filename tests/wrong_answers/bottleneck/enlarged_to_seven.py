"""A small map is interpolated to 7×7 and back."""

import torch.nn.functional as F
from torch import nn

HINT = "filled up with zeros"


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
        size = pool5.shape[-2:]
        large = [max(7, n) for n in size]
        x = F.interpolate(pool5, size=large)
        return F.interpolate(self.fc6_deconv(self.fc7(self.fc6(x))), size=size)


ANSWERS = (Bottleneck,)
