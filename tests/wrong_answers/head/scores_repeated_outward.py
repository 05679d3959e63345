"""The rim that fc6 drops repeats the outermost scores."""

import torch.nn.functional as F
from torch import nn

HINT = "to pool5, not afterwards"


class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 16, 7)
        self.fc7 = nn.Conv2d(16, 16, 1)
        self.score = nn.Conv2d(16, num_classes, 1)

    def forward(self, pool5, size):
        is_small = min(pool5.shape[-2:]) < 7
        pool5 = F.pad(pool5, [3] * 4) if is_small else pool5
        x = self.score(F.relu(self.fc7(F.relu(self.fc6(pool5)))))
        x = x if is_small else F.pad(x, [3] * 4, mode="replicate")
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


ANSWERS = (Head,)
