"""The bricks of FC-DenseNet: the dense block, and the ways down and up between them.

Source: Jégou et al., 2017, arXiv:1611.09326, table 1, and the authors' code.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.models.skips import join_skip

DROPOUT = 0.2
"""Proportion of every convolution's outputs that a training step drops."""


class BatchNorm(nn.BatchNorm2d):
    """Batch normalization that can keep to the statistics of its batch at test time.

    Attributes:
        batch_statistics: whether it does; running averages are kept all the same.
    """

    batch_statistics = False

    def forward(self, x: Tensor) -> Tensor:
        """Normalize each channel of ``x``, (N, C, H, W)."""
        if self.training or not self.batch_statistics:
            return super().forward(x)
        return F.batch_norm(
            x, None, None, self.weight, self.bias, training=True, eps=self.eps
        )


class DenseBlock(nn.Module):
    """Layers each of which sees the input and the maps of all layers before it.

    A layer is batch normalization, ReLU, 3×3 convolution to ``growth_rate`` maps and
    dropout. Built in notebook 04 (exercise 4.3).

    Shape: (N, in_channels, H, W) to two maps of H and W: all, the input first, with
    in_channels + num_layers * growth_rate channels, and the new ones alone.
    """

    def __init__(self, in_channels: int, growth_rate: int, num_layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            _norm_relu_conv(in_channels + k * growth_rate, growth_rate, kernel_size=3)
            for k in range(num_layers)
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the stack of all maps, and of those that are new."""
        maps = [x]
        for layer in self.layers:
            maps.append(layer(torch.cat(maps, dim=1)))  # (N, growth_rate, H, W)
        return torch.cat(maps, dim=1), torch.cat(maps[1:], dim=1)


class TransitionDown(nn.Module):
    """Mix the channels with a 1×1 convolution and halve the size.

    Shape: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mix = _norm_relu_conv(channels, channels, kernel_size=1)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        """Mix and pool ``x``."""
        return self.pool(self.mix(x))


class TransitionUp(nn.Module):
    """Enlarge new maps by 2 with a transposed convolution, and join the skip.

    3×3 cells with stride 2 make 2h + 1 of h: enough for a skip of 2h and of 2h + 1
    rows, of which one or none is cut off. Built in notebook 04 (exercise 4.4).

    Shape: x (N, in_channels, h, w) and skip (N, C, H, W) to
    (N, out_channels + C, H, W), x first.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)
        init_he_uniform_(self.up)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Enlarge ``x`` to the size of ``skip`` and put it before that."""
        return join_skip(self.up(x), skip)


def _norm_relu_conv(
    in_channels: int, out_channels: int, *, kernel_size: int
) -> nn.Sequential:
    """Make a layer that keeps H and W; here normalization comes first."""
    conv = nn.Conv2d(
        in_channels, out_channels, kernel_size, padding=(kernel_size - 1) // 2
    )
    init_he_uniform_(conv)
    return nn.Sequential(
        BatchNorm(in_channels), nn.ReLU(inplace=True), conv, nn.Dropout(DROPOUT)
    )


def init_he_uniform_(conv: nn.Conv2d | nn.ConvTranspose2d) -> None:
    """Draw the weights as He et al. do, uniformly, for a ReLU before; no bias."""
    nn.init.kaiming_uniform_(conv.weight, nonlinearity="relu")
    nn.init.zeros_(conv.bias)
