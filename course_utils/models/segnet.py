"""SegNet: an encoder without fc layers, and a decoder that unpools and convolves.

Source: Badrinarayanan, Kendall and Cipolla, 2017, arXiv:1511.00561, and the authors'
prototxts. Unlike there, images can have any size: each unpool restores the size that
entered its pool, which the prototxts fix for 360×480.
"""

from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn

from course_utils.arguments import FLAG, TEXT, a, checked, size, tensor
from course_utils.models.blocks import (
    MODEL_RULES,
    Unpool,
    check_image_batch,
    check_size_before_pool,
    conv_relu,
    full_precision,
    upsample_bilinear,
)
from course_utils.models.vgg16 import (
    DEPTHS,
    WIDTHS,
    load_vgg16,
    vgg16_stages,
)

_UPSAMPLINGS = ("unpool", "bilinear")


@checked(deconv=a("ConvTranspose2d"))
def conv_from_transposed(deconv: nn.ConvTranspose2d) -> nn.Conv2d:
    """Write a transposed convolution of kernel 3, stride 1, padding 1 as a convolution.

    Built in notebook 03 (exercise 3.1). Input and output channels change places, and
    the kernel is rotated by 180°. The result has its own weights.

    Raises:
        ValueError: ``deconv`` has another kernel, stride, padding, dilation or groups.
    """
    settings = [deconv.kernel_size, deconv.stride, deconv.padding, deconv.dilation]
    settings += [deconv.output_padding, deconv.groups]
    if settings != [(3, 3), (1, 1), (1, 1), (1, 1), (0, 0), 1]:
        raise ValueError(
            "the transposed convolution must have kernel 3, stride 1, padding 1 and "
            f"one group, got {deconv}; with another stride it is no convolution"
        )
    has_bias = deconv.bias is not None
    conv = nn.Conv2d(
        deconv.in_channels, deconv.out_channels, 3, padding=1, bias=has_bias
    ).to(deconv.weight)
    with torch.no_grad():
        conv.weight.copy_(deconv.weight.transpose(0, 1).flip(2, 3))
        if has_bias:
            conv.bias.copy_(deconv.bias)
    return conv


_MAPS = tensor("N C H W", "any")
"""Any maps; their dtype is checked where the advice can be given."""


@checked(indices=_MAPS, input_size=size())
def pack_indices(indices: Tensor, input_size: tuple[int, int]) -> Tensor:
    """Reduce each flat index to the place of the largest value in its 2×2 window.

    Built in notebook 03 (exercise 3.3). Unlike in the paper, which needs 2 bits, a
    place takes a byte; notebook 03 puts four of them into one.

    Args:
        indices: Flat indices, row·W + column, as ``F.max_pool2d(x, 2,
            return_indices=True)`` returns them; int64, (N, C, h, w).
        input_size: H and W of the map that was pooled; they may be odd.

    Returns:
        2·(row mod 2) + column mod 2, uint8, (N, C, h, w).

    Raises:
        TypeError: ``indices`` are not int64.
        ValueError: ``input_size`` is not pooled to (h, w).
    """
    if indices.dtype != torch.int64:
        raise TypeError(
            f"indices must be int64, got {indices.dtype}; take them from the pool"
        )
    check_size_before_pool("input_size", input_size, indices)
    width = input_size[1]
    return (indices // width % 2 * 2 + indices % width % 2).to(torch.uint8)


@checked(offsets=_MAPS, input_size=size())
def unpack_indices(offsets: Tensor, input_size: tuple[int, int]) -> Tensor:
    """Restore flat indices from their places in the 2×2 windows.

    Built in notebook 03 (exercise 3.3).

    Args:
        offsets: Places from ``pack_indices``, uint8, (N, C, h, w).
        input_size: H and W of the map that was pooled.

    Returns:
        row·W + column, int64, (N, C, h, w).

    Raises:
        TypeError: ``offsets`` are not uint8.
        ValueError: ``input_size`` is not pooled to (h, w).
    """
    if offsets.dtype != torch.uint8:
        raise TypeError(
            f"offsets must be uint8, got {offsets.dtype}; pack the indices first"
        )
    check_size_before_pool("input_size", input_size, offsets)
    offsets = offsets.long()
    rows, columns = (
        2 * torch.arange(n, device=offsets.device) for n in offsets.shape[-2:]
    )
    return (rows[:, None] + offsets // 2) * input_size[1] + columns + offsets % 2


class _Doubling(nn.Module):
    """Interpolation in place of ``Unpool``, for a decoder without indices.

    Shape: pooled (N, C, h, w), to (N, C, H, W) with (H, W) the ``output_size``.
    """

    def forward(
        self, pooled: Tensor, indices: Tensor, output_size: tuple[int, int]
    ) -> Tensor:
        """Double H and W and crop; the indices are not used."""
        height, width = pooled.shape[-2:]
        # Stretching 12 rows over 23, instead of cropping 24, would shift by half a row
        doubled = upsample_bilinear(pooled, (2 * height, 2 * width))
        return doubled[..., : output_size[0], : output_size[1]]


def _convs(
    in_channels: int, out_channels: int, depth: int, *, batch_norm: bool
) -> nn.Sequential:
    """Make a stage of 3×3 convolutions, of which the last changes the channels."""
    widths = [in_channels] * depth + [out_channels]
    return nn.Sequential(
        *(
            layer
            for before, after in pairwise(widths)
            for layer in conv_relu(before, after, batch_norm=batch_norm)
        )
    )


def _channel_change(in_channels: int, out_channels: int) -> nn.Module:
    """Make a linear 1×1 convolution, where the channels change at all."""
    if in_channels == out_channels:
        return nn.Identity()
    conv = nn.Conv2d(in_channels, out_channels, 1)
    nn.init.kaiming_normal_(conv.weight, nonlinearity="linear")
    nn.init.zeros_(conv.bias)
    return conv


class SegNet(nn.Module):
    """VGG16's convolutions and their mirror image, joined by pool indices alone.

    It can train on a single image: batch normalization always sees at least 2×2 cells.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Attributes:
        stages: The encoder's five stages, from the image down.
        unpools: Five ``Unpool`` modules, deepest first.
        decoder: Five stages of convolutions, deepest first, each after its enlargement.
        score: 3×3 convolution, the last of the 13 that mirror the encoder's.

    Args:
        num_classes: Channels of the logits.
        base_channels: Width of the first stage, 64 in the paper; all other widths are
            multiples of it.
        batch_norm: Whether to normalize after every convolution but the score, as in
            the paper.
        upsampling: "unpool" to put values back by the pool indices, or "bilinear" to
            double instead, as an ablation: the decoder then sees only pool5.
        decoder_convs: Whether the decoder has its convolutions; without them, as an
            ablation, only a linear 1×1 convolution changes the number of channels.
        pretrained: "imagenet" or a file, see ``vgg16.load_vgg16``; needs 64 base
            channels.

    Raises:
        ValueError: ``upsampling`` is unknown, or the weights do not fit.
    """

    @checked(**MODEL_RULES, upsampling=TEXT, decoder_convs=FLAG)
    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int = 64,
        batch_norm: bool = True,
        upsampling: str = "unpool",
        decoder_convs: bool = True,
        pretrained: str | Path | None = None,
    ) -> None:
        super().__init__()
        if upsampling not in _UPSAMPLINGS:
            raise ValueError(
                f"upsampling must be one of {_UPSAMPLINGS}, got {upsampling!r}"
            )
        self.stages = vgg16_stages(base_channels, batch_norm=batch_norm)
        self.pool = nn.MaxPool2d(2, ceil_mode=True, return_indices=True)
        enlarge = Unpool if upsampling == "unpool" else _Doubling
        self.unpools = nn.ModuleList(enlarge() for _ in self.stages)
        # VGG16's stages mirrored, deepest first; the score is part of the last one
        depths, below = (DEPTHS[0] - 1, *DEPTHS[1:]), (1, *WIDTHS[:-1])
        self.decoder = nn.ModuleList()
        for deep, fine, depth in reversed([*zip(WIDTHS, below, depths, strict=True)]):
            channels = deep * base_channels, fine * base_channels
            self.decoder.append(
                _convs(*channels, depth, batch_norm=batch_norm)
                if decoder_convs
                else _channel_change(*channels)
            )
        self.score = nn.Conv2d(base_channels, num_classes, 3, padding=1)
        nn.init.kaiming_normal_(self.score.weight, nonlinearity="relu")
        nn.init.zeros_(self.score.bias)
        load_vgg16(self.stages, pretrained)

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        check_image_batch(images)
        x, kept = images, []
        for stage in self.stages:
            x = stage(x)
            size = x.shape[-2:]
            x, indices = self.pool(x)  # halved, rounding up
            kept.append((indices, size))
        for enlarge, stage in zip(self.unpools, self.decoder, strict=True):
            x = stage(enlarge(x, *kept.pop()))  # up to (N, base_channels, H, W)
        with full_precision(x.device):
            return self.score(x.to(images.dtype))  # (N, num_classes, H, W)
