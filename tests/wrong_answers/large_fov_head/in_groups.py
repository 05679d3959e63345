"""fc6 works channel by channel."""

from torch import nn

HINT = "shaped"


class LargeFOVHead(nn.Module):
    def __init__(self, in_channels, num_classes, hidden_channels=1024, dilation=12):
        super().__init__()
        width = hidden_channels
        self.layers = nn.Sequential(
            nn.Conv2d(
                in_channels,
                in_channels * width // in_channels // 5 * 5 or 5,
                3,
                padding=dilation,
                dilation=dilation,
                groups=5,
            ),
            nn.ReLU(),
            nn.Dropout(),
            nn.Conv2d(width // 5 * 5 or 5, width, 1),
            nn.ReLU(),
            nn.Dropout(),
            nn.Conv2d(width, num_classes, 1),
        )

    def forward(self, x):
        return self.layers(x)


ANSWERS = (LargeFOVHead,)
