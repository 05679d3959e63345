"""The rim that fc6 drops is filled up with scores of zero."""

import torch.nn.functional as F
from torch import nn

HINT = "smaller than its kernel"


class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 16, 7)
        self.fc7 = nn.Conv2d(16, 16, 1)
        self.score = nn.Conv2d(16, num_classes, 1)

    def forward(self, pool5, size):
        x = F.relu(self.fc6(pool5))
        x = F.relu(self.fc7(x))
        x = F.pad(self.score(x), [3] * 4)
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


ANSWERS = (Head,)
