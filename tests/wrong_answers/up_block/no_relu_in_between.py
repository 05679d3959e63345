"""Two convolutions without a ReLU between them are one."""

from torch import nn

from course_utils.models.skips import join_skip

HINT = "ReLU is missing between"


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.up = nn.ConvTranspose2d(in_channels, half, 2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(half + skip_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, x, skip):
        return self.convs(join_skip(self.up(x), skip))


ANSWERS = (UpBlock,)
