"""SegNet: an encoder without fc layers, and a decoder that unpools and convolves.

Source: Badrinarayanan, Kendall and Cipolla, 2017, arXiv:1511.00561, and the authors'
prototxts. Unlike there, images of every size are taken: each unpool restores the size
that entered its pool, which the prototxts write down for 360×480.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from course_utils.models.blocks import (
    Unpool,
    check_image_batch,
    conv_relu,
    full_precision,
    upsample_bilinear,
)
from course_utils.models.vgg16 import DEPTHS, WIDTHS, load_vgg16, vgg16_stages

UPSAMPLINGS = ("unpool", "bilinear")


class SegNet(nn.Module):
    """VGG16's convolutions, and the same backwards, joined by pool indices alone.

    In training mode it takes a single image too: batch normalization never meets fewer
    than 2×2 cells.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Attributes:
        stages: the encoder's five stages, from the image down.
        unpools: five ``Unpool``, from the deepest up.
        decoder: five stages of convolutions, from the deepest up, each after its
            enlargement.
        score: 3×3 convolution, the last of the 13 that mirror the encoder's.

    Args:
        num_classes: channels of the logits.
        base_channels: width of the first stage; 64 in the paper. All others are
            multiples of it.
        batch_norm: normalize after every convolution but the score, as in the paper.
        upsampling: "unpool" puts values back by the pool indices. "bilinear" doubles
            instead, as an ablation: the decoder then gets nothing but pool5.
        decoder_convs: as an ablation, False leaves of the decoder only a linear 1×1
            convolution where the number of channels changes.
        pretrained: "imagenet" or a file, see ``vgg16.load_vgg16``; needs 64 base
            channels.

    Raises:
        ValueError: ``upsampling`` is unknown, or weights can't fit.
    """

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
        if upsampling not in UPSAMPLINGS:
            raise ValueError(
                f"upsampling must be one of {UPSAMPLINGS}, got {upsampling!r}"
            )
        if pretrained is not None and base_channels != 64:
            raise ValueError(
                "pretrained weights need base_channels=64, got "
                f"{base_channels}; leave pretrained=None"
            )
        self.stages = vgg16_stages(base_channels, batch_norm=batch_norm)
        self.pool = nn.MaxPool2d(2, ceil_mode=True, return_indices=True)
        enlarge = Unpool if upsampling == "unpool" else Doubling
        self.unpools = nn.ModuleList(enlarge() for _ in self.stages)
        self.decoder = (
            _decoder_stages(base_channels, batch_norm=batch_norm)
            if decoder_convs
            else _channel_changes(base_channels)
        )
        self.score = nn.Conv2d(base_channels, num_classes, 3, padding=1)
        nn.init.kaiming_normal_(self.score.weight, nonlinearity="relu")
        nn.init.zeros_(self.score.bias)
        if pretrained is not None:
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


class Doubling(nn.Module):
    """What stands in for ``Unpool`` where there are to be no indices: interpolation.

    Shape: pooled (N, C, h, w), to (N, C, H, W) with (H, W) the ``output_size``.
    """

    def forward(
        self, pooled: Tensor, indices: Tensor, output_size: tuple[int, int]
    ) -> Tensor:
        """Double H and W and crop; the indices are not used."""
        height, width = pooled.shape[-2:]
        # 12 rows stretched over 23, not cropped from 24, would be shifted by half a row
        doubled = upsample_bilinear(pooled, (2 * height, 2 * width))
        return doubled[..., : output_size[0], : output_size[1]]


def _decoder_stages(base_channels: int, *, batch_norm: bool) -> nn.ModuleList:
    """Mirror VGG16's stages, deepest first; of the first one, the score is a part."""
    stages = nn.ModuleList()
    for in_channels, out_channels, depth in _mirrored(base_channels):
        layers: list[nn.Module] = []
        for _ in range(depth - 1):
            layers += conv_relu(in_channels, in_channels, batch_norm=batch_norm)
        layers += conv_relu(in_channels, out_channels, batch_norm=batch_norm)
        stages.append(nn.Sequential(*layers))
    return stages


def _channel_changes(base_channels: int) -> nn.ModuleList:
    """Change the channels as the decoder does, and nothing else."""
    stages = nn.ModuleList()
    for in_channels, out_channels, _ in _mirrored(base_channels):
        if in_channels == out_channels:
            stages.append(nn.Identity())
            continue
        conv = nn.Conv2d(in_channels, out_channels, 1)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="linear")
        nn.init.zeros_(conv.bias)
        stages.append(conv)
    return stages


def _mirrored(base_channels: int) -> list[tuple[int, int, int]]:
    """List channels in, channels out and convolutions of each stage, deepest first."""
    below = (1, *WIDTHS[:-1])
    depths = (DEPTHS[0] - 1, *DEPTHS[1:])
    triples = zip(WIDTHS, below, depths, strict=True)
    return [(w * base_channels, b * base_channels, d) for w, b, d in triples][::-1]


def conv_from_transposed(deconv: nn.ConvTranspose2d) -> nn.Conv2d:
    """Write a transposed convolution of kernel 3, stride 1, padding 1 as a convolution.

    Built in notebook 03 (exercise 3.1). Input and output channels change places, and
    the kernel is turned by 180°. The result has weights of its own.

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
