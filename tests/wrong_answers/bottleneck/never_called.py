"""The layers are made, and pool5 goes past them."""

from torch import nn

HINT = "never calls learns nothing"


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
        return pool5


ANSWERS = (Bottleneck,)
