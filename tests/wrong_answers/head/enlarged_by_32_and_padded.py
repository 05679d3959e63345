"""What 32 times the map does not reach is filled with zeros."""

import torch.nn.functional as F
from torch import nn

HINT = "to pool5, not afterwards"


class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 16, 7, padding=3)
        self.fc7 = nn.Conv2d(16, 16, 1)
        self.score = nn.Conv2d(16, num_classes, 1)

    def forward(self, pool5, size):
        x = F.relu(self.fc6(pool5))
        x = F.relu(self.fc7(x))
        x = self.score(x)
        height, width = (32 * n for n in x.shape[-2:])
        x = F.interpolate(x, scale_factor=32, mode="bilinear", align_corners=False)
        return F.pad(x, [0, size[1] - width, 0, size[0] - height])


ANSWERS = (Head,)
