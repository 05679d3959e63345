"""The width of LargeFOV is written down."""

from torch import nn

HINT = "hidden_channels stand between"


class LargeFOVHead(nn.Module):
    def __init__(self, in_channels, num_classes, hidden_channels=1024, dilation=12):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(in_channels, 1024, 3, padding=dilation, dilation=dilation),
            nn.ReLU(),
            nn.Dropout(),
            nn.Conv2d(1024, 1024, 1),
            nn.ReLU(),
            nn.Dropout(),
            nn.Conv2d(1024, num_classes, 1),
        )

    def forward(self, x):
        return self.layers(x)


ANSWERS = (LargeFOVHead,)
