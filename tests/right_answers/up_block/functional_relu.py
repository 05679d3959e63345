"""Named layers, and the functional ReLU."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.skips import join_skip


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        joined = in_channels // 2 + skip_channels
        self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, 2, stride=2)
        self.conv1 = nn.Conv2d(joined, out_channels, 3, padding="same", bias=False)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(
            out_channels, out_channels, 3, padding="same", bias=False
        )
        self.norm2 = nn.BatchNorm2d(out_channels)

    def forward(self, x, skip):
        x = join_skip(self.up(x), skip)
        x = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(x)))


ANSWERS = (UpBlock,)
