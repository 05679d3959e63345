"""Layers by name, rectified in forward."""

from torch import nn


class LargeFOVHead(nn.Module):
    def __init__(self, in_channels, num_classes, hidden_channels=1024, dilation=12):
        super().__init__()
        padding = dilation * (3 - 1) // 2
        self.fc6 = nn.Conv2d(
            in_channels, hidden_channels, 3, padding=padding, dilation=dilation
        )
        self.fc7 = nn.Conv2d(hidden_channels, hidden_channels, 1)
        self.score = nn.Conv2d(hidden_channels, num_classes, 1)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        x = self.dropout(self.fc6(x).relu())
        x = self.dropout(self.fc7(x).relu())
        return self.score(x)


ANSWERS = (LargeFOVHead,)
