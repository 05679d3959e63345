"""The layers of the package."""

from torch import nn

from course_utils.models.blocks import Unpool
from course_utils.models.deconvnet import deconv_relu


class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        self.unpool = Unpool()
        layers = []
        for _ in range(num_layers - 1):
            layers += deconv_relu(in_channels, in_channels, padding=1)
        layers += deconv_relu(in_channels, out_channels, padding=1)
        self.layers = nn.Sequential(*layers)

    def forward(self, x, indices, output_size):
        return self.layers(self.unpool(x, indices, output_size))


ANSWERS = (DeconvBlock,)
