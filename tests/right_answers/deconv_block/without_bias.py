"""No bias, since normalization has one, and a module that unpools."""

from torch import nn


class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        layers = []
        for k in range(num_layers):
            width = out_channels if k == num_layers - 1 else in_channels
            layers += [
                nn.ConvTranspose2d(in_channels, width, 3, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers)
        self.unpool = nn.MaxUnpool2d(2)

    def forward(self, x, indices, output_size):
        return self.layers(self.unpool(x, indices, output_size=output_size))


ANSWERS = (DeconvBlock,)
