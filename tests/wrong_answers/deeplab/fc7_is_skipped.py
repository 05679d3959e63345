"""The padded layer is left out of forward."""

import torch.nn.functional as F
from torch import nn

HINT = "gradient to fc7"


class DeepLab(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        width = 8
        self.stages = nn.ModuleList(
            nn.Conv2d(channels, width, 3, padding=1) for channels in (3, 8, 8, 8)
        )
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.pool4 = nn.MaxPool2d(3, stride=1, padding=1)
        self.conv5 = nn.Conv2d(width, width, 3, padding=2, dilation=2)
        self.pool5 = nn.MaxPool2d(3, stride=1, padding=1)
        self.fc6 = nn.Conv2d(width, width, 3, padding=12, dilation=12)
        self.fc7 = nn.Conv2d(width, width, 1)
        self.score = nn.Conv2d(width, num_classes, 1)

    def forward(self, images):
        x = images
        for stage in self.stages[:3]:
            x = self.pool(F.relu(stage(x)))
        x = self.pool4(F.relu(self.stages[3](x)))
        x = self.pool5(F.relu(self.conv5(x)))
        scores = self.score(F.relu(self.fc6(x)))
        size = images.shape[-2:]
        return F.interpolate(scores, size, mode="bilinear", align_corners=True)


ANSWERS = (DeepLab,)
