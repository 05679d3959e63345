"""U-Net: an encoder, a decoder, and a copy of the encoder's maps at every size.

Source: Ronneberger, Fischer and Brox, 2015, arXiv:1505.04597, Fig. 1. Unlike there, by
default: convolutions are padded, so that the logits have the size of the image, and are
followed by batch normalization, which training from random weights needs; images are
RGB; there is no dropout. ``UNet(2, in_channels=1, padded=False, batch_norm=False)``
is the paper's network.
"""

import torch
from torch import Tensor, nn

from course_utils.arguments import CLASSES, FLAG, checked, whole
from course_utils.models.blocks import (
    CHANNELS,
    MODEL_RULES,
    check_image_batch,
    check_maps,
    conv_relu,
    full_precision,
)
from course_utils.models.skips import join_skip

_WIDTHS = (1, 2, 4, 8, 16)
"""Channels of the five stages, in multiples of the first one's 64."""


def _two_convs(
    in_channels: int, out_channels: int, *, padded: bool, batch_norm: bool
) -> nn.Sequential:
    """Make two 3×3 convolutions with their ReLUs; unpadded, H and W lose 4."""
    padding = 1 if padded else 0
    return nn.Sequential(
        *conv_relu(in_channels, out_channels, padding=padding, batch_norm=batch_norm),
        *conv_relu(out_channels, out_channels, padding=padding, batch_norm=batch_norm),
    )


def _join_cropped_skip(x: Tensor, skip: Tensor) -> Tensor:
    """Crop the middle of ``skip`` to the size of ``x`` and concatenate, x first."""
    height, width = x.shape[-2:]
    top, left = (skip.shape[-2] - height) // 2, (skip.shape[-1] - width) // 2
    return torch.cat([x, skip[..., top : top + height, left : left + width]], dim=1)


class UpBlock(nn.Module):
    """One step of the decoder: enlarge, join the skip, convolve twice.

    Built in notebook 04 (exercise 4.2).

    Shape: x (N, in_channels, h, w) and skip (N, skip_channels, H, W) to
    (N, out_channels, H, W); without padding, the output is 2h - 4 by 2w - 4.

    Args:
        in_channels: Channels of x, an even number; the enlargement halves it.
        skip_channels: Channels of the skip.
        out_channels: Channels of the output.
        padded: Whether convolutions are padded and x is fitted to the skip; otherwise
            the skip is cropped.
        batch_norm: Whether to normalize after each 3×3 convolution.
    """

    @checked(**CHANNELS, skip_channels=whole(1), padded=FLAG, batch_norm=FLAG)
    def __init__(
        self,
        in_channels: int,
        skip_channels: int,
        out_channels: int,
        *,
        padded: bool = True,
        batch_norm: bool = True,
    ) -> None:
        super().__init__()
        if in_channels % 2:
            raise ValueError(
                f"in_channels must be even, since x is halved, got {in_channels}"
            )
        self.padded, self.skip_channels = padded, skip_channels
        self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, 2, stride=2)
        # He initialization, where each output cell is a sum of in_channels terms
        nn.init.normal_(self.up.weight, std=(2 / in_channels) ** 0.5)
        nn.init.zeros_(self.up.bias)
        self.convs = _two_convs(
            in_channels // 2 + skip_channels,
            out_channels,
            padded=padded,
            batch_norm=batch_norm,
        )

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Enlarge ``x``, join ``skip`` and convolve."""
        check_maps("x", x, self.up.in_channels)
        check_maps("skip", skip, self.skip_channels)
        x = self.up(x)  # (N, in_channels/2, 2h, 2w)
        joined = join_skip(x, skip) if self.padded else _join_cropped_skip(x, skip)
        return self.convs(joined)


def _check_unpadded_size(height: int, width: int) -> None:
    """Refuse sizes at which some map would be odd before its pool, or empty."""
    if any(side < 188 or (side - 188) % 16 for side in (height, width)):
        raise ValueError(
            "without padding, H and W must each be 188 plus a multiple of 16, got "
            f"{height}×{width}; pad the image to such a size by mirroring its border, "
            "or pass padded=True"
        )


class UNet(nn.Module):
    """U-Net with five stages and four skips.

    Shape: (N, in_channels, H, W), normalized, H and W ≥ 32, to logits
    (N, num_classes, H, W); unpadded, to H - 184 and W - 184.

    Args:
        num_classes: Channels of the logits.
        in_channels: Channels of the images; 1 in the paper.
        base_channels: Width of the first stage; 64 in the paper.
        padded: Whether convolutions are padded; the paper's are not, so each trims one
            pixel from every side. H and W must then be 188 or a multiple of 16 more.
        batch_norm: Whether to normalize after every 3×3 convolution; the paper does
            not, but training from scratch needs it.
    """

    @checked(
        num_classes=CLASSES,
        in_channels=whole(1),
        base_channels=MODEL_RULES["base_channels"],
        padded=FLAG,
        batch_norm=FLAG,
    )
    def __init__(
        self,
        num_classes: int,
        *,
        in_channels: int = 3,
        base_channels: int = 64,
        padded: bool = True,
        batch_norm: bool = True,
    ) -> None:
        super().__init__()
        self.in_channels, self.padded = in_channels, padded
        style = {"padded": padded, "batch_norm": batch_norm}
        widths = [width * base_channels for width in _WIDTHS]
        self.encoder = nn.ModuleList(
            _two_convs(before, width, **style)
            for before, width in zip((in_channels, *widths), widths[:-1], strict=False)
        )
        self.pool = nn.MaxPool2d(2, ceil_mode=True)
        self.bottleneck = _two_convs(widths[-2], widths[-1], **style)
        self.decoder = nn.ModuleList(
            UpBlock(2 * width, width, width, **style) for width in reversed(widths[:-1])
        )
        self.score = nn.Conv2d(base_channels, num_classes, 1)
        nn.init.kaiming_normal_(self.score.weight, nonlinearity="linear")
        nn.init.zeros_(self.score.bias)

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        check_image_batch(images, in_channels=self.in_channels)
        if not self.padded:
            _check_unpadded_size(*images.shape[-2:])
        skips, x = [], images
        for stage in self.encoder:
            x = stage(x)  # (N, _WIDTHS[k] * base_channels, H/2ᵏ, W/2ᵏ)
            skips.append(x)
            x = self.pool(x)
        x = self.bottleneck(x)  # (N, 16 * base_channels, H/16, W/16)
        for block, skip in zip(self.decoder, reversed(skips), strict=True):
            x = block(x, skip)
        with full_precision(x.device):
            return self.score(x.to(images.dtype))  # (N, num_classes, H, W)
