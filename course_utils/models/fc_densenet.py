"""FC-DenseNet: U-Net's shape, made of dense blocks.

Source: Jégou, Drozdzal, Vazquez, Romero and Bengio, 2017, arXiv:1611.09326, and the
authors' code. Unlike there, by default: batch normalization uses running averages at
test time (``batch_statistics``), and images are normalized.
"""

import math
from collections.abc import Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.arguments import FLAG, checked, each, number, whole
from course_utils.models.blocks import (
    CHANNELS,
    MODEL_RULES,
    check_image_batch,
    check_maps,
    full_precision,
)
from course_utils.models.skips import join_skip

_FIRST_CHANNELS = 48
"""Channels of the first convolution, at 64 base channels."""
_DROPOUT = 0.2
"""Proportion of every convolution's outputs that a training step drops: the paper's."""
_PROPORTION = number(0, below=1)


def _init_he_uniform_(conv: nn.Conv2d | nn.ConvTranspose2d) -> None:
    """Draw the weights from He's uniform initialization; the bias becomes 0."""
    nn.init.kaiming_uniform_(conv.weight, nonlinearity="relu")
    nn.init.zeros_(conv.bias)


class _BatchNorm(nn.BatchNorm2d):
    """Batch normalization that can use the statistics of its batch at test time.

    Attributes:
        batch_statistics: Whether it does; running averages are updated either way.
    """

    batch_statistics = False

    def forward(self, x: Tensor) -> Tensor:
        """Normalize each channel of ``x``, (N, C, H, W)."""
        if self.training or not self.batch_statistics:
            return super().forward(x)
        return F.batch_norm(
            x, None, None, self.weight, self.bias, training=True, eps=self.eps
        )


def _norm_relu_conv(
    in_channels: int, out_channels: int, *, kernel_size: int, dropout: float
) -> nn.Sequential:
    """Make a layer that keeps H and W, with normalization first."""
    conv = nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2)
    _init_he_uniform_(conv)
    return nn.Sequential(
        _BatchNorm(in_channels), nn.ReLU(inplace=True), conv, nn.Dropout(dropout)
    )


class DenseBlock(nn.Module):
    """Layers that each see the input and the maps of all layers before them.

    A layer is batch normalization, ReLU, 3×3 convolution to ``growth_rate`` maps and
    dropout. Built in notebook 04 (exercise 4.3).

    Shape: (N, in_channels, H, W) to two maps of H and W: all, the input first, with
    in_channels + num_layers * growth_rate channels, and the new maps alone.
    """

    @checked(
        in_channels=whole(1),
        growth_rate=whole(1),
        num_layers=whole(1),
        dropout=_PROPORTION,
    )
    def __init__(
        self,
        in_channels: int,
        growth_rate: int,
        num_layers: int,
        *,
        dropout: float = _DROPOUT,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.layers = nn.ModuleList(
            _norm_relu_conv(
                in_channels + k * growth_rate,
                growth_rate,
                kernel_size=3,
                dropout=dropout,
            )
            for k in range(num_layers)
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the stack of all maps, and that of the new ones."""
        check_maps("x", x, self.in_channels)
        maps = [x]
        for layer in self.layers:
            maps.append(layer(torch.cat(maps, dim=1)))  # (N, growth_rate, H, W)
        return torch.cat(maps, dim=1), torch.cat(maps[1:], dim=1)


class TransitionDown(nn.Module):
    """Mix the channels with a 1×1 convolution and halve the size.

    Shape: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋).
    """

    @checked(channels=whole(1), dropout=_PROPORTION)
    def __init__(self, channels: int, *, dropout: float = _DROPOUT) -> None:
        super().__init__()
        self.channels = channels
        self.mix = _norm_relu_conv(channels, channels, kernel_size=1, dropout=dropout)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        """Mix and pool ``x``."""
        check_maps("x", x, self.channels)
        return self.pool(self.mix(x))


class TransitionUp(nn.Module):
    """Enlarge new maps by 2 with a transposed convolution, and join the skip.

    A kernel of 3 with stride 2 makes 2h + 1 rows of h: enough for a skip of 2h + 1; for
    one of 2h, the last is cut off. Built in notebook 04 (exercise 4.4).

    Shape: x (N, in_channels, h, w) and skip (N, C, H, W) to
    (N, out_channels + C, H, W), x first.
    """

    @checked(**CHANNELS)
    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)
        _init_he_uniform_(self.up)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Enlarge ``x`` to the size of ``skip`` and concatenate, x first."""
        check_maps("x", x, self.up.in_channels)
        return join_skip(self.up(x), skip)


class FCDenseNet(nn.Module):
    """A fully convolutional DenseNet, whose forms differ in depth and growth rate.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Args:
        num_classes: Channels of the logits.
        base_channels: Scale of the widths, 64 in the paper; the first convolution and
            the growth rate scale with it and are rounded up.
        growth_rate: Maps that each layer adds, at 64 base channels.
        layers_per_block: Layers in each block on the way down, in the bottleneck, and
            in each block on the way up; an odd number of blocks, 11 in the paper.
        dropout: Proportion of every convolution's outputs that a training step drops;
            0.2 in the paper. The variances that normalization averages in training are
            then not those of eval mode (Li et al., 2019, arXiv:1801.05134); a short
            training reaches more without.
        batch_statistics: Whether to normalize by the statistics of the batch even in
            eval mode, as the paper does. A prediction then depends on what else is in
            the batch.

    Raises:
        ValueError: The number of blocks is even or below 3.
    """

    @checked(
        num_classes=MODEL_RULES["num_classes"],
        base_channels=MODEL_RULES["base_channels"],
        growth_rate=whole(1),
        layers_per_block=each(whole(1), least=0),
        dropout=_PROPORTION,
        batch_statistics=FLAG,
    )
    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int = 64,
        growth_rate: int = 16,
        layers_per_block: Sequence[int] = (4, 5, 7, 10, 12, 15, 12, 10, 7, 5, 4),
        dropout: float = _DROPOUT,
        batch_statistics: bool = False,
    ) -> None:
        super().__init__()
        if len(layers_per_block) < 3 or len(layers_per_block) % 2 == 0:
            raise ValueError(
                "layers_per_block must be an odd number of blocks, at least 3 (down, "
                f"bottleneck, up), got {len(layers_per_block)}"
            )
        growth = math.ceil(growth_rate * base_channels / 64)
        channels = math.ceil(_FIRST_CHANNELS * base_channels / 64)
        num_pools = len(layers_per_block) // 2
        dense_block = partial(DenseBlock, growth_rate=growth, dropout=dropout)
        self.first = nn.Conv2d(3, channels, 3, padding=1)
        _init_he_uniform_(self.first)
        self.down_blocks, self.transitions_down = nn.ModuleList(), nn.ModuleList()
        skip_channels = []
        for num_layers in layers_per_block[:num_pools]:
            self.down_blocks.append(dense_block(channels, num_layers=num_layers))
            channels += num_layers * growth
            skip_channels.append(channels)
            self.transitions_down.append(TransitionDown(channels, dropout=dropout))
        new = layers_per_block[num_pools] * growth
        self.bottleneck = dense_block(channels, num_layers=layers_per_block[num_pools])
        self.transitions_up, self.up_blocks = nn.ModuleList(), nn.ModuleList()
        for num_layers in layers_per_block[num_pools + 1 :]:
            self.transitions_up.append(TransitionUp(new, new))
            channels = new + skip_channels.pop()
            self.up_blocks.append(dense_block(channels, num_layers=num_layers))
            new = num_layers * growth
        self.score = nn.Conv2d(channels + new, num_classes, 1)
        _init_he_uniform_(self.score)
        self.batch_statistics = batch_statistics

    @property
    def batch_statistics(self) -> bool:
        """Whether eval mode normalizes by the batch too; can be set at any time."""
        return self._batch_statistics

    @batch_statistics.setter
    def batch_statistics(self, value: bool) -> None:
        self._batch_statistics = value
        for module in self.modules():
            if isinstance(module, _BatchNorm):
                module.batch_statistics = value

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        check_image_batch(images)
        self._check_deepest_map(images)
        x, skips = self.first(images), []
        for block, transition in zip(
            self.down_blocks, self.transitions_down, strict=True
        ):
            x, _ = block(x)
            skips.append(x)  # (N, C, H/2ᵏ, W/2ᵏ)
            x = transition(x)
        _, new = self.bottleneck(x)
        for transition, block in zip(self.transitions_up, self.up_blocks, strict=True):
            # Only the new maps are enlarged, not a block's input
            x, new = block(transition(new, skips.pop()))
        with full_precision(x.device):
            return self.score(x.to(images.dtype))  # (N, num_classes, H, W)

    def _check_deepest_map(self, images: Tensor) -> None:
        if not (self.training or self.batch_statistics):
            return
        scale = 2 ** len(self.down_blocks)
        height, width = (side // scale for side in images.shape[-2:])
        if len(images) * height * width < 2:
            raise ValueError(
                "batch statistics need two values per channel, got one image of "
                f"{images.shape[-2]}×{images.shape[-1]} pixels, whose deepest map is "
                f"{height}×{width}; take a larger batch or image, or eval mode with "
                "batch_statistics=False"
            )


fc_densenet56 = partial(FCDenseNet, growth_rate=12, layers_per_block=(4,) * 11)
"""FC-DenseNet56: 4 layers in each block, each adding 12 maps."""
fc_densenet67 = partial(FCDenseNet, layers_per_block=(5,) * 11)
"""FC-DenseNet67: 5 layers in each block, each adding 16 maps."""
fc_densenet103 = FCDenseNet
"""FC-DenseNet103: 4 to 15 layers in a block, each adding 16 maps."""
