"""Right values for notebook 01 by other means than a reader's: torch, gradients.

Each function is named after the exercise whose answers are compared with it.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def conv_output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Read the size off a torch convolution that computes no values."""
    image = torch.empty(1, 1, size, device="meta")
    kernel = torch.empty(1, 1, kernel_size, device="meta")
    return F.conv1d(image, kernel, None, stride, padding, dilation).shape[-1]


def receptive_field(layers: list[tuple[int, int, int]]) -> tuple[int, int]:
    """Find which of 700 inputs move the first two outputs, by gradient.

    Without padding the first output sees the image from its first pixel on.
    """
    image = torch.ones(700, dtype=torch.float64, requires_grad=True)
    x = image[None]
    for kernel_size, stride, dilation in layers:
        kernel = torch.full((1, 1, kernel_size), 1 / kernel_size, dtype=x.dtype)
        x = F.conv1d(x, kernel, None, stride, 0, dilation)
    first, second = (
        torch.autograd.grad(x[0, k], image, retain_graph=True)[0].nonzero()
        for k in (0, 1)
    )
    return int(first.max()) + 1, int(second.min())


def bilinear_kernel(factor: int) -> Tensor:
    """Enlarge one lit pixel: for an even factor, it becomes the kernel."""
    image = torch.zeros(1, 1, 5, 5)
    image[..., 2, 2] = 1
    image = F.interpolate(
        image, scale_factor=factor, mode="bilinear", align_corners=False
    )
    window = slice(3 * factor // 2, 7 * factor // 2)
    return image[0, 0, window, window]


def fuse_skip(deep: Tensor, skip: Tensor, **options: str | bool | None) -> Tensor:
    """Interpolate with torch and add; ``options`` make the typical mistakes."""
    options = {"mode": "bilinear", "align_corners": False} | options
    return F.interpolate(deep, size=skip.shape[-2:], **options) + skip


def head(
    layers: list[torch.nn.Conv2d],
    pool5: Tensor,
    size: tuple[int, int],
    *,
    relus: tuple[bool, bool, bool] = (True, True, False),
    **options: str | bool | None,
) -> Tensor:
    """Apply fc6 without padding, fc7 and score, and enlarge; the rim is not valid.

    ``relus`` and ``options`` of the enlargement make the typical mistakes.
    """
    for layer, rectify in zip(layers, relus, strict=True):
        pool5 = F.conv2d(pool5, layer.weight, layer.bias)
        pool5 = pool5.relu() if rectify else pool5
    options = {"mode": "bilinear", "align_corners": False} | options
    return F.interpolate(F.pad(pool5, [3] * 4), size=size, **options)
