"""The package's layers, and sizes fitted by hand."""

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.models.blocks import conv_relu


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.enlarge = nn.ConvTranspose2d(in_channels, half, kernel_size=2, stride=2)
        self.first = nn.Sequential(
            *conv_relu(half + skip_channels, out_channels, batch_norm=True)
        )
        self.second = nn.Sequential(
            *conv_relu(out_channels, out_channels, batch_norm=True)
        )

    def forward(self, x, skip):
        x = self.enlarge(x)
        rows, columns = skip.shape[2] - x.shape[2], skip.shape[3] - x.shape[3]
        x = F.pad(x, [0, columns, 0, rows])
        return self.second(self.first(torch.cat((x, skip), dim=1)))


ANSWERS = (UpBlock,)
