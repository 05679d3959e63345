"""Parts that several models share.

A block maps (N, in_channels, H, W) to (N, out_channels, H', W'), and its docstring says
what H' and W' are. Blocks know nothing of classes, labels or files.
"""

from contextlib import AbstractContextManager, nullcontext

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.arguments import (
    CLASSES,
    FLAG,
    PATH_OR_TEXT,
    a,
    checked,
    optional,
    size,
    tensor,
    whole,
)

MODEL_RULES = {
    "num_classes": CLASSES,
    "base_channels": whole(1, 4096),
    "batch_norm": FLAG,
    "pretrained": optional(PATH_OR_TEXT),
}
"""Rules of the arguments that most models take."""
CHANNELS = {"in_channels": whole(1), "out_channels": whole(1)}
"""Rules of the arguments that most blocks take."""
MAPS = tensor("N C H W", "float").but("a single map needs maps[None]")
"""A rule that functions share: feature maps, or images."""
_TENSOR = a("Tensor", advice="convert an array with torch.from_numpy")
INDICES = tensor("N C H W", "int64").but("take them from the pool")
"""A rule that functions share: indices of a pool."""


@checked(
    **CHANNELS,
    kernel_size=whole(1),
    padding=optional(whole(0)),
    dilation=whole(1),
    batch_norm=FLAG,
)
def conv_relu(
    in_channels: int,
    out_channels: int,
    kernel_size: int = 3,
    *,
    padding: int | None = None,
    dilation: int = 1,
    batch_norm: bool = False,
) -> list[nn.Module]:
    """List the layers convolution, optional batch normalization, and ReLU.

    The convolution has a bias even before batch normalization, so that parameter counts
    match the published ones. Its weights start from He's initialization.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        kernel_size: Side of the convolution's kernel.
        padding: Padding of the convolution; by default it keeps H and W.
        dilation: Dilation of the convolution.
        batch_norm: Whether to normalize before the ReLU.
    """
    if padding is None:
        padding = dilation * (kernel_size - 1) // 2
        if dilation * (kernel_size - 1) % 2:
            raise ValueError(
                f"padding must be given where no padding keeps H and W, got a kernel "
                f"of {kernel_size} with dilation {dilation}; take an odd kernel_size"
            )
    conv = nn.Conv2d(
        in_channels, out_channels, kernel_size, padding=padding, dilation=dilation
    )
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    nn.init.zeros_(conv.bias)
    norm = [nn.BatchNorm2d(out_channels)] if batch_norm else []
    return [conv, *norm, nn.ReLU(inplace=True)]


@checked(factor=whole())
def bilinear_kernel(factor: int) -> Tensor:
    """Make the kernel with which a transposed convolution interpolates bilinearly.

    Built in notebook 01 (exercise 1.3).

    Args:
        factor: Enlargement in each direction; an even number.

    Returns:
        float32, (2·factor, 2·factor). ``ConvTranspose2d`` with it, stride factor and
        padding factor/2 equals ``F.interpolate(align_corners=False)``, except within
        factor/2 pixels of the border, where it fades to zero.

    Raises:
        ValueError: ``factor`` is odd or below 2; no whole padding would center it.
    """
    if factor < 2 or factor % 2:
        raise ValueError(f"factor must be even and at least 2, got {factor}")
    positions = torch.arange(2 * factor, dtype=torch.float32)
    tent = 1 - (positions - (factor - 0.5)).abs() / factor
    return tent[:, None] * tent[None, :]


class LearnedUpsampling(nn.ConvTranspose2d):
    """Transposed convolution that starts as bilinear interpolation.

    Every output channel can learn to draw on every input channel. The input's border is
    repeated by one cell, so that before training the output equals bilinear
    interpolation up to the border.

    Shape: (N, channels, H, W) to (N, channels, factor·H, factor·W).

    Source: Long et al., 2015, arXiv:1411.4038, section 3.3. Unlike there, the border is
    repeated instead of cropped away.
    """

    def __init__(self, channels: int, factor: int) -> None:
        super().__init__(
            channels,
            channels,
            kernel_size=2 * factor,
            stride=factor,
            padding=factor + factor // 2,  # also removes the repeated cells again
            bias=False,
        )
        with torch.no_grad():
            self.weight.zero_()
            for channel in range(channels):
                self.weight[channel, channel] = bilinear_kernel(factor)

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge ``x``."""
        return super().forward(F.pad(x, (1, 1, 1, 1), mode="replicate"))


@checked(deep=MAPS, skip=MAPS)
def fuse_skip(deep: Tensor, skip: Tensor) -> Tensor:
    """Enlarge ``deep`` bilinearly to the size of ``skip`` and add the two.

    Built in notebook 01 (exercise 1.4).

    Shape: deep (N, C, h, w) and skip (N, C, H, W) to (N, C, H, W).

    Raises:
        ValueError: N or C differ, which torch might broadcast silently.
    """
    if deep.shape[:2] != skip.shape[:2]:
        raise ValueError(
            "deep and skip must agree in images and channels, got "
            f"{tuple(deep.shape)} and {tuple(skip.shape)}; score both with a 1×1 "
            "convolution to the same number of channels first"
        )
    size = skip.shape[-2:]
    return F.interpolate(deep, size=size, mode="bilinear", align_corners=False) + skip


@checked(x=MAPS, size=size(), align_corners=FLAG)
def upsample_bilinear(
    x: Tensor, size: tuple[int, int], *, align_corners: bool = False
) -> Tensor:
    """Interpolate bilinearly, as ``F.interpolate`` does.

    Each axis is one matrix product, in float32 even under autocast. Unlike torch's own
    CUDA kernel, in whose backward pass thousands of pixels add to one cell, this gives
    the same gradient every time, and quickly.

    Args:
        x: Maps of shape (N, C, h, w).
        size: H and W of the output.
        align_corners: Whether the corner cells share their centers with the corner
            pixels, rather than their outer edges.

    Returns:
        (N, C, H, W), float32, or float64 if ``x`` is.
    """
    with full_precision(x.device):
        x = x if x.dtype == torch.float64 else x.float()
        cells = [torch.eye(n, dtype=x.dtype, device=x.device) for n in x.shape[-2:]]
        # Interpolating the identity gives the matrix that interpolates everything
        rows, columns = (
            F.interpolate(old[None], new, mode="linear", align_corners=align_corners)[0]
            for old, new in zip(cells, size, strict=True)
        )
        return rows.mT @ x @ columns


def full_precision(device: torch.device) -> AbstractContextManager[object]:
    """Suspend autocast; at the image's size, half precision makes logits tie."""
    if not torch.amp.is_autocast_available(device.type):
        return nullcontext()
    return torch.autocast(device.type, enabled=False)


class BilinearUpsampling(nn.Module):
    """``upsample_bilinear`` by a fixed factor, as a layer without parameters.

    Shape: (N, C, H, W) to (N, C, factor·H, factor·W).
    """

    def __init__(self, factor: int) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge ``x``."""
        height, width = x.shape[-2:]
        return upsample_bilinear(x, (self.factor * height, self.factor * width))


@checked(pooled=MAPS, indices=INDICES, output_size=size())
def unpool(pooled: Tensor, indices: Tensor, output_size: tuple[int, int]) -> Tensor:
    """Put every pooled value back where it came from; all other cells are 0.

    Built in notebook 02 (exercise 2.1). Unlike ``F.max_unpool2d``, it also runs when
    torch is asked for deterministic algorithms.

    Args:
        pooled: Pooled maps, (N, C, h, w).
        indices: Place of each value in a map of (H, W), row·W + column, as
            ``F.max_pool2d(return_indices=True)`` returns it; int64, (N, C, h, w).
        output_size: H and W of the map that was pooled. They can't be told from h and
            w: 7 and 8 rows are both pooled to 4, and indices read with a wrong W shear
            the map without an error.

    Returns:
        (N, C, H, W).

    Raises:
        ValueError: The shapes differ, or a pool of 2 and stride 2 does not take
            ``output_size`` to (h, w).
    """
    if pooled.shape != indices.shape:
        raise ValueError(
            "pooled and indices must have one shape, got "
            f"{tuple(pooled.shape)} and {tuple(indices.shape)}"
        )
    check_size_before_pool("output_size", output_size, pooled)
    height, width = output_size
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    try:
        flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    except RuntimeError as error:
        last = height * width - 1
        raise ValueError(
            f"indices must be from 0 to {last}, the last cell of the output, but are "
            f"not ({error}); take output_size from the pool's input"
        ) from None
    return flat.view(*pooled.shape[:2], height, width)


class Unpool(nn.Module):
    """``unpool`` as a layer without parameters, which can be hooked and replaced.

    Shape: pooled and indices (N, C, h, w), to (N, C, H, W) with (H, W) the
    ``output_size``.
    """

    def forward(
        self, pooled: Tensor, indices: Tensor, output_size: tuple[int, int]
    ) -> Tensor:
        """Put every pooled value back where it came from."""
        return unpool(pooled, indices, output_size)


def check_size_before_pool(name: str, size: tuple[int, int], pooled: Tensor) -> None:
    """Refuse a size that a pool of 2 and stride 2 would not take to ``pooled``'s.

    Raises:
        ValueError: H or W is not one that is pooled to h or w; ``name`` names the size.
    """
    for small, large in zip(pooled.shape[-2:], size, strict=True):
        if small not in (large // 2, (large + 1) // 2):
            raise ValueError(
                f"{name} must be the size before the pool, got {size[0]}×{size[1]} for "
                f"a map of {tuple(pooled.shape[-2:])}; take H and W of the pool's input"
            )


def check_maps(name: str, maps: Tensor, channels: int) -> None:
    """Refuse anything but feature maps (N, channels, H, W).

    Raises:
        TypeError: They are no floating-point tensor.
        ValueError: They have other dimensions, or another number of channels.
    """
    MAPS.check(name, maps)
    if maps.shape[1] != channels:
        raise ValueError(
            f"{name} must have {channels} channels, (N, {channels}, H, W), got "
            f"{tuple(maps.shape)}; make the block for its input"
        )


def check_image_batch(images: Tensor, *, in_channels: int = 3) -> None:
    """Refuse images that no model of the course can take.

    Raises:
        TypeError: The images are not floating point.
        ValueError: They are not (N, in_channels, H, W), or H or W is below 32.
    """
    _TENSOR.check("images", images)
    if not images.is_floating_point():
        raise TypeError(
            f"images must be normalized floating point, got {images.dtype}; apply "
            "datasets.eval_transform first"
        )
    if images.ndim != 4 or images.shape[1] != in_channels or len(images) == 0:
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
