"""F.dropout goes on in evaluation."""

import torch.nn.functional as F
from torch import nn

HINT = "should be"


class LargeFOVHead(nn.Module):
    def __init__(self, in_channels, num_classes, hidden_channels=1024, dilation=12):
        super().__init__()
        self.fc6 = nn.Conv2d(
            in_channels, hidden_channels, 3, padding=dilation, dilation=dilation
        )
        self.fc7 = nn.Conv2d(hidden_channels, hidden_channels, 1)
        self.score = nn.Conv2d(hidden_channels, num_classes, 1)

    def forward(self, x):
        x = F.dropout(F.relu(self.fc6(x)))
        x = F.dropout(F.relu(self.fc7(x)))
        return self.score(x)


ANSWERS = (LargeFOVHead,)
