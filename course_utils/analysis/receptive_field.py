"""What part of the image an output cell sees, by arithmetic and by gradient."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import torch
from torch import Tensor, nn

from course_utils.analysis.eval_mode import eval_mode
from course_utils.arguments import (
    MODULE,
    Rule,
    check_all,
    checked,
    each,
    either,
    number,
    optional,
    shown,
    tensor,
    whole,
)
from course_utils.arguments import size as size_rule

_CELL = each(whole(0)).also("a row and a column", lambda cell: len(cell) == 2)
_GRADIENT = tensor("H W", "float", finite=True)
_FIELD = {"size": number(1), "stride": number(above=0), "center": number()}
_LAYERS = Rule(
    "a list of layers",
    lambda value: hasattr(value, "__iter__") and not isinstance(value, (str, Tensor)),
    advice="such as [(3, 1, 1), (2, 2, 1)]",
)


@dataclass(frozen=True)
class ReceptiveField:
    """The square of the image that output cell (0, 0) of a network depends on.

    Attributes:
        size: Side of the square, pixels of the image.
        stride: Distance between the squares of two neighboring cells, pixels of the
            image; below 1 once the output is finer than the image.
        center: Row (and column) of the square's center, pixels of the image; 0 is the
            center of the first pixel.
    """

    size: Fraction = Fraction(1)
    stride: Fraction = Fraction(1)
    center: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        """Refuse what is no square of the image."""
        check_all(_FIELD, vars(self).items())

    @checked(kernel_size=whole(1), stride=whole(1), padding=whole(0), dilation=whole(1))
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

    @checked(factor=number(above=0), kernel_size=number(above=0), padding=number())
    def after_upsampling(
        self,
        factor: int | Fraction,
        *,
        kernel_size: int | Fraction,
        padding: int | Fraction,
    ) -> "ReceptiveField":
        """Append a transposed convolution; its stride ``factor`` may be fractional.

        Bilinear interpolation is one with kernel 2·factor and padding factor/2.
        """
        taps = math.ceil(kernel_size / factor)
        shift = (padding - Fraction(kernel_size - 1) / 2) / factor
        return ReceptiveField(
            size=self.size + (taps - 1) * self.stride,
            stride=self.stride / factor,
            center=self.center + shift * self.stride,
        )


@checked(layers=_LAYERS)
def theoretical_receptive_field(layers: Iterable[Sequence[int]]) -> ReceptiveField:
    """Compute the receptive field of a chain of layers. Built in notebook 01.

    Args:
        layers: Convolutions and pools from the image on, each (kernel_size, stride,
            dilation) or (kernel_size, stride, dilation, padding).

    Raises:
        ValueError: A layer has fewer than 3 or more than 4 numbers, or too small ones.
    """
    field = ReceptiveField()
    for number_of_layer, layer in enumerate(layers):
        each(whole(0), least=0).check(f"layers[{number_of_layer}]", layer)
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


@checked(
    network=MODULE,
    size=either(whole(1), size_rule()),
    cell=optional(_CELL),
    images=optional(tensor("N C H W", "float", finite=True)),
    num_images=whole(1),
    in_channels=whole(1),
)
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

    The gradient of the cell's output, summed over channels, is taken with respect to
    the images (by default, standard normal noise from a fixed seed). Its magnitude is
    averaged over channels and images. The network runs in eval mode, since batch
    statistics would tie all pixels together; its modes and gradients stay as they were.

    Args:
        network: Network that maps (1, in_channels, H, W) to (1, C, h, w).
        size: H and W of the images, pixels; one number for squares.
        cell: Row and column of the output cell; the middle one by default.
        images: Normalized images to use instead of noise, (N, in_channels, H, W).
        num_images: Number of noise images to average over.
        in_channels: Channels of a noise image.

    Returns:
        float32, (H, W), non-negative, on the CPU; exactly 0 where the cell can't see.

    Raises:
        ValueError: ``images`` are not of this ``size``, or the network returns no map,
            one without the cell, or one that does not depend on the images.

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
            f"images must be {height} by {width} pixels, got {tuple(images.shape)}; "
            "pass their size"
        )
    parameter = next(network.parameters(), None)
    device = images.device if parameter is None else parameter.device
    total = torch.zeros(height, width)
    with eval_mode(network):
        for image in images:
            image = image[None].detach().to(device).requires_grad_()
            with torch.enable_grad():
                output = network(image)
                _check_output(output, cell)
                row, column = cell or (output.shape[-2] // 2, output.shape[-1] // 2)
                seen = output[0, :, row, column].sum()
            total += torch.autograd.grad(seen, image)[0][0].abs().mean(dim=0).cpu()
    if not total.isfinite().all():
        raise ValueError(
            "the gradient must be finite, got nan; are the weights finite?"
        )
    return total / len(images)


def _check_output(output: object, cell: tuple[int, int] | None) -> None:
    """Refuse an output of which no cell can be followed back to the image."""
    if not (isinstance(output, Tensor) and output.ndim == 4 and output.requires_grad):
        raise ValueError(
            "the network must return a map (1, C, h, w) that depends on the image, got "
            f"{shown(output)}"
        )
    row, column = cell or (0, 0)
    if row >= output.shape[-2] or column >= output.shape[-1]:
        raise ValueError(
            f"cell must be in the output of {output.shape[-2]}×{output.shape[-1]} "
            f"cells, got {row} and {column}"
        )


@checked(gradient=_GRADIENT)
def support_box(gradient: Tensor) -> tuple[int, int, int, int]:
    """Find the box around all pixels whose gradient is not 0.

    Returns:
        Top, left, bottom and right, half-open, pixels of the image; (0, 0, 0, 0) if
        there is no such pixel.
    """
    rows, columns = (gradient != 0).nonzero(as_tuple=True)
    if len(rows) == 0:
        return 0, 0, 0, 0
    top, left, bottom, right = rows.min(), columns.min(), rows.max(), columns.max()
    return int(top), int(left), int(bottom) + 1, int(right) + 1


@checked(
    gradient=_GRADIENT.also("0 or more", lambda map: bool((map >= 0).all())),
    proportion=number(),
)
def mass_side(gradient: Tensor, proportion: float = 0.9) -> int:
    """Find the smallest square that holds a proportion of the gradient.

    Args:
        gradient: Non-negative map, (H, W), as ``effective_receptive_field`` returns it.
        proportion: Proportion of the gradient's sum to hold.

    Returns:
        Side of the square around the gradient's center of mass, pixels of the image.

    Raises:
        ValueError: ``proportion`` is not between 0 and 1, or the gradient is 0.
    """
    gradient = gradient.cpu()
    total = gradient.sum()
    if not 0 < proportion < 1:
        raise ValueError(
            f"proportion must be between 0 and 1, got {proportion}; 90 % is 0.9"
        )
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


@checked(dilations=each(whole(1), least=0), kernel_size=whole(1))
def footprint(dilations: Sequence[int], kernel_size: int = 3) -> tuple[int, float]:
    """Find the window of stacked stride-1 layers and how much of it is touched.

    Args:
        dilations: Dilations of the layers, in order.
        kernel_size: Side of every layer's kernel.

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
