"""pool5 is made six cells larger by interpolation instead of padding."""

import torch.nn.functional as F
from torch import nn

HINT = "the scores lie elsewhere"


class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 16, 7)
        self.fc7 = nn.Conv2d(16, 16, 1)
        self.score = nn.Conv2d(16, num_classes, 1)

    def forward(self, pool5, size):
        height, width = pool5.shape[-2:]
        pool5 = F.interpolate(pool5, (height + 6, width + 6), mode="bilinear")
        x = F.relu(self.fc6(pool5))
        x = F.relu(self.fc7(x))
        x = self.score(x)
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


ANSWERS = (Head,)
