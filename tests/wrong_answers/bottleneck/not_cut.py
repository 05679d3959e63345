"""What was filled up is not cut off again."""

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
        height, width = pool5.shape[-2:]
        x = F.pad(pool5, (0, max(0, 7 - width), 0, max(0, 7 - height)))
        return self.fc6_deconv(self.fc7(self.fc6(x)))


ANSWERS = (Bottleneck,)
