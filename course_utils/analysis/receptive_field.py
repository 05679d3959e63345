"""What part of the image one output cell sees, by arithmetic and by gradient."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class ReceptiveField:
    """The square of the image that output cell (0, 0) of a network depends on.

    Attributes:
        size: side of the square, pixels of the image.
        stride: distance between the squares of two neighboring cells, pixels of the
            image; a fraction once the output is finer than the image.
        center: row (and column) of the square's center, pixels of the image; 0 is the
            center of the first pixel.
    """

    size: Fraction = Fraction(1)
    stride: Fraction = Fraction(1)
    center: Fraction = Fraction(0)

    def after_conv(
        self, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
    ) -> "ReceptiveField":
        """Append a convolution or a pooling layer."""
        reach = (kernel_size - 1) * dilation
        return ReceptiveField(
            size=self.size + reach * self.stride,
            stride=self.stride * stride,
            center=self.center + (Fraction(reach, 2) - padding) * self.stride,
        )

    def after_upsampling(
        self, factor: int, *, kernel_size: int, padding: int
    ) -> "ReceptiveField":
        """Append a transposed convolution of stride ``factor``.

        Bilinear interpolation is one with kernel 2·factor and padding factor/2.
        """
        taps = math.ceil(kernel_size / factor)
        shift = (Fraction(padding) - Fraction(kernel_size - 1, 2)) / factor
        return ReceptiveField(
            size=self.size + (taps - 1) * self.stride,
            stride=self.stride / factor,
            center=self.center + shift * self.stride,
        )


def theoretical_receptive_field(
    layers: Iterable[Sequence[int]],
) -> ReceptiveField:
    """Add up the receptive field of a chain of layers. Built in notebook 01.

    Args:
        layers: convolutions and pools from the image on, each (kernel_size, stride,
            dilation) or (kernel_size, stride, dilation, padding).

    Raises:
        ValueError: a layer has another length.
    """
    field = ReceptiveField()
    for layer in layers:
        if len(layer) not in (3, 4):
            raise ValueError(
                "a layer must be (kernel_size, stride, dilation), or the same with "
                f"padding, got {tuple(layer)}"
            )
        kernel_size, stride, dilation, padding = (*layer, 0)[:4]
        field = field.after_conv(
            kernel_size, stride=stride, padding=padding, dilation=dilation
        )
    return field


def effective_receptive_field(
    network: nn.Module,
    size: int | tuple[int, int],
    *,
    cell: tuple[int, int] | None = None,
    images: Tensor | None = None,
    num_images: int = 4,
    in_channels: int = 3,
) -> Tensor:
    """Measure how much one output cell depends on each pixel of the image.

    The gradient of the cell's summed channels is taken with respect to images, by
    default of standard normal noise from a fixed seed; its magnitude is averaged over
    channels and images. The network runs in eval mode, since batch statistics would tie
    all pixels together; its modes and gradients are left as they were.

    Args:
        network: maps (1, in_channels, H, W) to (1, C, h, w).
        size: H and W of the images, pixels.
        cell: row and column of the output cell; the middle one by default.
        images: normalized, (N, in_channels, H, W), instead of noise.
        num_images: how many images of noise to average over.
        in_channels: channels of an image of noise.

    Returns:
        float32, (H, W), non-negative, on the CPU; exactly 0 where the cell can't see.

    Raises:
        ValueError: ``images`` are of another size.

    Source:
        Luo et al., 2016, arXiv:1701.04128. Unlike there, no nonlinearity is left out.
    """
    height, width = (size, size) if isinstance(size, int) else size
    if images is None:
        noise = torch.Generator().manual_seed(0)
        shape = (num_images, in_channels, height, width)
        images = torch.randn(shape, generator=noise)
    if images.shape[-2:] != (height, width):
        raise ValueError(
            f"images must be {height} by {width} pixels, got {tuple(images.shape)}"
        )
    parameter = next(network.parameters(), None)
    device = images.device if parameter is None else parameter.device
    modes = {module: module.training for module in network.modules()}
    network.eval()
    total = torch.zeros(height, width)
    try:
        for image in images:
            image = image[None].detach().to(device).requires_grad_()
            with torch.enable_grad():
                output = network(image)
                row, column = cell or (output.shape[-2] // 2, output.shape[-1] // 2)
                seen = output[0, :, row, column].sum()
            total += torch.autograd.grad(seen, image)[0][0].abs().mean(dim=0).cpu()
    finally:
        for module, mode in modes.items():
            module.training = mode
    return total / len(images)


def support_box(gradient: Tensor) -> tuple[int, int, int, int]:
    """Bound the pixels with a gradient other than 0: top, left, bottom, right.

    Half-open, pixels of the image; (0, 0, 0, 0) where there are none.
    """
    rows, columns = (gradient != 0).nonzero(as_tuple=True)
    if len(rows) == 0:
        return 0, 0, 0, 0
    return (
        int(rows.min()),
        int(columns.min()),
        int(rows.max()) + 1,
        int(columns.max()) + 1,
    )


def mass_side(gradient: Tensor, proportion: float = 0.9) -> int:
    """Find the side of the smallest square that holds a proportion of the gradient.

    The square is centered on the gradient's center of mass; pixels of the image.

    Raises:
        ValueError: ``proportion`` is not between 0 and 1, or the gradient is 0.
    """
    gradient = gradient.cpu()
    total = gradient.sum()
    if not 0 < proportion < 1:
        raise ValueError(f"proportion must be between 0 and 1, got {proportion}")
    if total <= 0:
        raise ValueError("the gradient must not be 0 everywhere; does the cell see it?")
    rows = torch.arange(gradient.shape[0], dtype=torch.float64)
    columns = torch.arange(gradient.shape[1], dtype=torch.float64)
    weights = gradient.double() / total
    row = (weights.sum(dim=1) * rows).sum()
    column = (weights.sum(dim=0) * columns).sum()
    distance = torch.maximum((rows - row).abs()[:, None], (columns - column).abs())
    order = distance.flatten().argsort()
    mass = weights.flatten()[order].cumsum(dim=0)
    reached = int((mass < proportion).sum())
    return math.ceil(2 * distance.flatten()[order][reached].item() + 1)


def footprint(dilations: Sequence[int], kernel_size: int = 3) -> tuple[int, float]:
    """Find the window of stacked stride-1 layers and how much of it is touched.

    Args:
        dilations: of the layers, in order.
        kernel_size: of every layer.

    Returns:
        Side of the square window in cells, and the proportion of its cells (in two
        dimensions) on which the output depends.
    """
    touched = {0}
    for dilation in dilations:
        taps = [dilation * tap for tap in range(kernel_size)]
        touched = {position + tap for position in touched for tap in taps}
    side = max(touched) + 1
    return side, (len(touched) / side) ** 2
