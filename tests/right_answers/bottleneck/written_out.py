"""All layers written out, and the sizes by clamping."""

from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, in_channels, hidden_channels):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, hidden_channels, 7)
        self.norm6 = nn.BatchNorm2d(hidden_channels)
        self.fc7 = nn.Conv2d(hidden_channels, hidden_channels, 1)
        self.norm7 = nn.BatchNorm2d(hidden_channels)
        self.fc6_deconv = nn.ConvTranspose2d(hidden_channels, in_channels, 7)
        self.norm = nn.BatchNorm2d(in_channels)

    def forward(self, pool5):
        n, c, height, width = pool5.shape
        x = pool5.new_zeros(n, c, max(height, 7), max(width, 7))
        x[..., :height, :width] = pool5
        x = self.norm6(self.fc6(x)).relu()
        x = self.norm7(self.fc7(x)).relu()
        x = self.norm(self.fc6_deconv(x)).relu()
        return x[:, :, :height, :width]


ANSWERS = (Bottleneck,)
