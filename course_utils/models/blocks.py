"""Parts that several models share.

A block maps (N, in_channels, H, W) to (N, out_channels, H', W'), and its docstring says
what H' and W' are. Blocks know nothing of classes, labels or files.
"""

from contextlib import AbstractContextManager, nullcontext

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import handle_torch_function, has_torch_function_unary


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


def upsample_bilinear(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Interpolate bilinearly as ``F.interpolate(align_corners=False)`` does.

    Each axis is one matrix product, in float32 also under autocast. Unlike in torch's
    own kernel on CUDA, where thousands of pixels add to one cell, the gradient is fast
    and comes out the same every time.

    Shape: (N, C, h, w) to (N, C, H, W), ``size`` being (H, W).
    """
    if has_torch_function_unary(x):  # so that a ledger sees one step, not its parts
        return handle_torch_function(upsample_bilinear, (x,), x, size)
    with full_precision(x.device):
        x = x if x.dtype == torch.float64 else x.float()
        cells = [torch.eye(n, dtype=x.dtype, device=x.device) for n in x.shape[-2:]]
        rows, columns = (
            F.interpolate(old[None], new, mode="linear")[0]  # of a single lit cell each
            for old, new in zip(cells, size, strict=True)
        )
        return rows.mT @ x @ columns


def full_precision(device: torch.device) -> AbstractContextManager[object]:
    """Suspend autocast: what reaches the image's size gets ties in half precision."""
    if not torch.amp.is_autocast_available(device.type):
        return nullcontext()
    return torch.autocast(device.type, enabled=False)


class BilinearUpsampling(nn.Module):
    """Enlarge by ``factor`` with ``upsample_bilinear``; learns nothing.

    Shape: (N, C, H, W) to (N, C, factor·H, factor·W).
    """

    def __init__(self, factor: int) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge ``x``."""
        height, width = x.shape[-2:]
        return upsample_bilinear(x, (self.factor * height, self.factor * width))

    def extra_repr(self) -> str:
        """Show the factor where the model is printed."""
        return f"factor={self.factor}"


def unpool(pooled: Tensor, indices: Tensor, output_size: tuple[int, int]) -> Tensor:
    """Put every pooled value back where it came from; all other cells are 0.

    Built in notebook 02 (exercise 2.1). Unlike ``F.max_unpool2d``, it also runs where
    torch is asked for deterministic algorithms.

    Args:
        pooled: (N, C, h, w).
        indices: int64, (N, C, h, w): of each value, row·W + column in a map of (H, W),
            as ``F.max_pool2d(return_indices=True)`` returns them.
        output_size: (H, W) of the map that was pooled. It can't be told from h and w:
            7 and 8 rows are both pooled to 4, and indices read with a wrong W shear
            the map without an error.

    Returns:
        (N, C, H, W).

    Raises:
        ValueError: shapes differ, or ``output_size`` is not what was pooled to h and w
            by a pool of 2 and stride 2.
    """
    if has_torch_function_unary(pooled):
        return handle_torch_function(unpool, (pooled,), pooled, indices, output_size)
    if pooled.shape != indices.shape:
        raise ValueError(
            "pooled and indices must have one shape, got "
            f"{tuple(pooled.shape)} and {tuple(indices.shape)}"
        )
    height, width = output_size
    for small, large in zip(pooled.shape[-2:], output_size, strict=True):
        if small not in (large // 2, (large + 1) // 2):
            raise ValueError(
                f"output_size must be the size before the pool, got {height}×{width} "
                f"for a map of {tuple(pooled.shape[-2:])}"
            )
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat.view(*pooled.shape[:2], height, width)


class Unpool(nn.Module):
    """``unpool`` as a layer without parameters, so that hooks find it.

    Shape: pooled and indices (N, C, h, w), to (N, C, H, W) with (H, W) the
    ``output_size``.
    """

    def forward(
        self, pooled: Tensor, indices: Tensor, output_size: tuple[int, int]
    ) -> Tensor:
        """Put every pooled value back where it came from."""
        return unpool(pooled, indices, output_size)


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
