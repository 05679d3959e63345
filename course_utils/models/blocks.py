"""Parts that several models share.

A block maps (N, in_channels, H, W) to (N, out_channels, H', W'), and its docstring says
what H' and W' are. Blocks know nothing of classes, labels or files.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def conv_relu(
    in_channels: int,
    out_channels: int,
    kernel_size: int = 3,
    *,
    padding: int | None = None,
    dilation: int = 1,
    batch_norm: bool = False,
) -> list[nn.Module]:
    """List the layers convolution, batch normalization if asked for, and ReLU.

    The convolution has a bias also before batch normalization, so that the parameters
    are the published ones, and starts from He's initialization.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        kernel_size: of the convolution.
        padding: of the convolution; by default H' = H and W' = W.
        dilation: of the convolution.
        batch_norm: whether to normalize before the ReLU.
    """
    if padding is None:
        padding = dilation * (kernel_size - 1) // 2
    conv = nn.Conv2d(
        in_channels, out_channels, kernel_size, padding=padding, dilation=dilation
    )
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    nn.init.zeros_(conv.bias)
    norm = [nn.BatchNorm2d(out_channels)] if batch_norm else []
    return [conv, *norm, nn.ReLU(inplace=True)]


def bilinear_kernel(factor: int) -> Tensor:
    """Make the kernel with which a transposed convolution interpolates bilinearly.

    Built in notebook 01 (exercise 1.3).

    Args:
        factor: how much larger the output is; even.

    Returns:
        float32, (2·factor, 2·factor). ``ConvTranspose2d`` with it, stride factor and
        padding factor/2 equals ``F.interpolate(align_corners=False)``, except within
        factor/2 pixels of the border, where it fades to zero.

    Raises:
        ValueError: ``factor`` is odd or below 2: no whole padding would center it.
    """
    if factor < 2 or factor % 2:
        raise ValueError(f"factor must be even and at least 2, got {factor}")
    positions = torch.arange(2 * factor, dtype=torch.float32)
    tent = 1 - (positions - (factor - 0.5)).abs() / factor
    return tent[:, None] * tent[None, :]


def fuse_skip(deep: Tensor, skip: Tensor) -> Tensor:
    """Enlarge ``deep`` bilinearly to the size of ``skip`` and add the two.

    Built in notebook 01 (exercise 1.4).

    Shape: deep (N, C, h, w) and skip (N, C, H, W) to (N, C, H, W).

    Raises:
        ValueError: N or C differ, which would broadcast without a word.
    """
    if deep.shape[:2] != skip.shape[:2]:
        raise ValueError(
            "deep and skip must agree in images and channels, got "
            f"{tuple(deep.shape)} and {tuple(skip.shape)}; score both with a 1×1 "
            "convolution to the same number of channels first"
        )
    size = skip.shape[-2:]
    return F.interpolate(deep, size=size, mode="bilinear", align_corners=False) + skip


class LearnedUpsampling(nn.ConvTranspose2d):
    """Enlarge by ``factor`` with a transposed convolution that starts bilinear.

    Every output channel can learn to draw on every input channel. The input is
    continued by one cell on each side, so that before training the output equals
    bilinear interpolation at the border too.

    Shape: (N, channels, H, W) to (N, channels, factor·H, factor·W).

    Source: Long et al., 2015, arXiv:1411.4038, section 3.3. Unlike there, the border is
    continued instead of cropped away.
    """

    def __init__(self, channels: int, factor: int) -> None:
        super().__init__(
            channels,
            channels,
            kernel_size=2 * factor,
            stride=factor,
            padding=factor + factor // 2,  # takes the continued cells off again
            bias=False,
        )
        with torch.no_grad():
            self.weight.zero_()
            for channel in range(channels):
                self.weight[channel, channel] = bilinear_kernel(factor)

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge ``x``."""
        return super().forward(F.pad(x, (1, 1, 1, 1), mode="replicate"))


def check_image_batch(images: Tensor, *, in_channels: int = 3) -> None:
    """Refuse what no model of the course can take.

    Raises:
        TypeError: the images are not floating point.
        ValueError: not (N, in_channels, H, W), or H or W is below 32.
    """
    if not images.is_floating_point():
        raise TypeError(
            f"images must be normalized floating point, got {images.dtype}; apply "
            "transforms.eval_transform first"
        )
    if images.ndim != 4 or images.shape[1] != in_channels:
        raise ValueError(
            f"images must be (N, {in_channels}, H, W), got {tuple(images.shape)}; a "
            "single image needs images[None]"
        )
    if min(images.shape[-2:]) < 32:
        height, width = images.shape[-2:]
        raise ValueError(
            "images must be at least 32 pixels high and wide, got "
            f"{height}×{width}; enlarge or pad them"
        )
