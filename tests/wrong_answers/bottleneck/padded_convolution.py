"""fc6 is padded by 3, as in FCN, and the deconvolution too."""

from torch import nn

HINT = "without padding or stride"


def layers(kind, in_channels, out_channels, kernel_size):
    return nn.Sequential(
        kind(in_channels, out_channels, kernel_size, padding=kernel_size // 2),
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
        return self.fc6_deconv(self.fc7(self.fc6(pool5)))


ANSWERS = (Bottleneck,)
