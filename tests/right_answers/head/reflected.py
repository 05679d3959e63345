"""pool5 is reflected at its border before a convolution without padding."""

import torch.nn.functional as F
from torch import nn


class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 24, 7)
        self.fc7 = nn.Conv2d(24, 48, 1)
        self.score = nn.Conv2d(48, num_classes, 1, bias=False)

    def forward(self, pool5, size):
        x = F.pad(pool5, (3, 3, 3, 3), mode="reflect")
        x = self.score(F.relu(self.fc7(F.relu(self.fc6(x)))))
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


ANSWERS = (Head,)
