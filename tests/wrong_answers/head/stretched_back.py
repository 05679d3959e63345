"""fc6 shrinks the map, and its scores are enlarged to pool5's size first."""

import torch.nn.functional as F
from torch import nn

HINT = "One that shrinks is stretched"


class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 16, 7)
        self.fc7 = nn.Conv2d(16, 16, 1)
        self.score = nn.Conv2d(16, num_classes, 1)

    def forward(self, pool5, size):
        x = F.relu(self.fc6(pool5))
        x = F.relu(self.fc7(x))
        x = self.score(x)
        x = F.interpolate(x, size=pool5.shape[-2:], mode="bilinear")
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


ANSWERS = (Head,)
