"""Batch normalization is left out."""

import torch.nn.functional as F
from torch import nn

HINT = "its own batch normalization"


def layers(kind, in_channels, out_channels, kernel_size):
    return nn.Sequential(
        kind(in_channels, out_channels, kernel_size),
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
        missing = (0, max(0, 7 - width), 0, max(0, 7 - height))
        x = self.fc6(F.pad(pool5, missing))
        x = self.fc6_deconv(self.fc7(x))
        return x[..., :height, :width]


ANSWERS = (Bottleneck,)
