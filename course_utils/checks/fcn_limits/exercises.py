"""Check the exercises of notebook 01, FCN and its limits."""

import random
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.checks.answer import ask
from course_utils.checks.exercise import exercise
from course_utils.checks.fcn_limits import references

_OUTPUT_SIZES = [  # size, kernel_size, stride, padding, dilation
    ((7, 3), 5, "At how many places does a kernel of 3 fit in 7 pixels?"),
    ((7, 7), 1, "A kernel as large as the image fits at one place."),
    ((7, 3, 1, 1), 7, "Padding is added on both sides."),
    ((7, 3, 2), 3, "Count the steps between places, then add the first place."),
    ((8, 3, 2), 3, "A last step that does not fit is not taken: round down."),
    ((9, 3, 1, 0, 2), 5, "How many pixels does a kernel of 3, dilation 2, span?"),
    ((9, 1, 1, 0, 4), 9, "Dilation puts gaps between taps; a kernel of 1 has none."),
    ((65, 3, 1, 12, 12), 65, "A kernel of 3 with dilation 12 spans 25 pixels."),
    ((224, 7, 2, 3), 112, "Put stride and padding together: the first layer of a net."),
]
_FIELDS = [  # layers as (kernel_size, stride, dilation), field, hint
    ([], (1, 1), "With no layer at all, a cell is one pixel of the image."),
    ([(3, 1, 1)], (3, 1), "A kernel of 3 sees 3 pixels; the cells stay 1 pixel apart."),
    ([(3, 1, 1)] * 2, (5, 1), "A second kernel of 3 adds 2 pixels, not 3."),
    ([(3, 2, 1)], (3, 2), "A layer's own stride does not widen what it sees."),
    ([(2, 2, 1), (3, 1, 1)], (6, 2), "After stride 2, one cell further is 2 pixels."),
    ([(3, 1, 1), (2, 2, 1)], (4, 2), "Its own stride counts for the layers after it."),
    ([(2, 2, 1)] * 3, (8, 8), "Strides multiply: three times 2 is 8 pixels a cell."),
    ([(3, 1, 2)], (5, 1), "With dilation 2 it spans 5 cells; its stride stays 1."),
    ([(2, 2, 1), (3, 1, 2)], (10, 2), "Dilation counts cells of the layer's input."),
    ([(1, 2, 1), (3, 1, 1)], (5, 2), "1x1 widens nothing, but its stride stays."),
]
VGG16 = [layer for n in (2, 2, 3, 3, 3) for layer in [(3, 1, 1)] * n + [(2, 2, 1)]]
_FUSIONS = [  # shape of deep, shape of skip, hint
    ((1, 2, 5, 7), (1, 2, 10, 14), "Twice the size, and height is not width."),
    ((1, 2, 12, 12), (1, 2, 23, 23), "12 to 23 is no whole factor: use skip's size."),
    ((1, 2, 5, 7), (1, 2, 13, 9), "Each side has its own factor: use skip's size."),
    ((2, 3, 1, 1), (2, 3, 3, 5), "One cell is enlarged to any size, in every image."),
    ((2, 3, 4, 3), (2, 3, 32, 24), "Enlarge in one step: doubling thrice differs."),
]


@exercise("1.1")
def check_conv_output_size(conv_output_size: Callable[..., int]) -> Iterator[None]:
    """Check exercise 1.1, from the easiest case to the hardest."""
    for args, expected, hint in _OUTPUT_SIZES:
        ask(conv_output_size, *args, hint=hint).should_be(expected, hint)
        yield
    numbers = random.Random(0)
    for _ in range(20):
        kernel_size, dilation = numbers.randint(1, 7), numbers.randint(1, 6)
        size = dilation * kernel_size + numbers.randint(0, 40)
        options = {"stride": numbers.randint(1, 4), "padding": numbers.randint(0, 9)}
        options["dilation"] = dilation
        hint = "Every argument takes part; work this one out by hand."
        reply = ask(conv_output_size, size, kernel_size, hint=hint, **options)
        reply.should_be(references.conv_output_size(size, kernel_size, **options), hint)
        yield


@exercise("1.2")
def check_receptive_field(
    receptive_field: Callable[..., tuple[int, int]],
) -> Iterator[None]:
    """Check exercise 1.2, from no layer to the whole of VGG16."""
    for layers, expected, hint in _FIELDS:
        ask(receptive_field, layers, hint=hint).should_be(expected, hint)
        yield
    numbers = random.Random(0)
    stacks = [
        [tuple(numbers.randint(1, 3) for _ in range(3)) for _ in range(length)]
        for length in (2, 3, 3, 4, 4)
    ]
    hint = "Take the layers in order, with the stride that has built up before each."
    for layers in [*stacks, VGG16]:
        reply = ask(receptive_field, layers, hint=hint)
        reply.should_be(references.receptive_field(layers), hint)
        yield


def kernel_mistakes(kernel: Tensor) -> dict[str, Tensor]:
    """Make the typical wrong kernels out of the right one."""
    size = len(kernel)
    distance = (torch.arange(size) - (size - 1) / 2).abs() / (size / 2)
    return {
        "It sums to 1, but an output pixel gets weights from four kernels, "
        "and it is those four that sum to 1.": kernel / kernel.sum(),
        "That is nearest neighbor: weights must fall with the distance.": F.pad(
            torch.ones(size // 2, size // 2), [size // 4] * 4
        ),
        "That is a pyramid: rows and columns multiply.": (
            1 - torch.maximum(distance[:, None], distance)
        ),
    }


@exercise("1.3")
def check_bilinear_kernel(bilinear_kernel: Callable[[int], Tensor]) -> Iterator[None]:
    """Check exercise 1.3, for the factors of FCN and others."""
    hint = (
        "Each side has 2f taps, as far left of the middle as right of it, none on it."
    )
    for factor in (2, 4, 6, 16, 8, 32):
        expected = references.bilinear_kernel(factor)
        reply = ask(bilinear_kernel, factor, hint=hint)
        reply.should_be(expected, hint, mistakes=kernel_mistakes(expected))
        hint = "Smaller factors were right: which part of it does not grow with f?"
        yield


def _fusion_mistakes(deep: Tensor, skip: Tensor) -> dict[str, Tensor]:
    """Make the typical wrong sums of two maps."""
    corners = references.fuse_skip(deep, skip, align_corners=True)
    nearest = references.fuse_skip(deep, skip, mode="nearest", align_corners=None)
    bicubic = references.fuse_skip(deep, skip, mode="bicubic")
    right = references.fuse_skip(deep, skip)
    return {
        "That is align_corners=True: corner pixels sit on corner pixels.": corners,
        "That is nearest neighbor: blocks instead of ramps.": nearest,
        "That is bicubic: it overshoots.": bicubic,
        "The mean is half of the sum; the scores are added.": right / 2,
        "skip is missing from the sum.": right - skip,
        "deep is missing from the sum.": skip,
    }


@exercise("1.4")
def check_fuse_skip(fuse_skip: Callable[[Tensor, Tensor], Tensor]) -> Iterator[None]:
    """Check exercise 1.4: values, then sizes, then gradients."""
    hint = "Enlarge deep bilinearly (align_corners=False), then add: the channels stay."
    deep = torch.tensor([[[[0.0, 4.0], [8.0, 12.0]]]])
    cases = [(deep, torch.full((1, 1, 4, 4), 100.0), hint)]
    cases += [
        (torch.rand(small), torch.rand(big), hint) for small, big, hint in _FUSIONS
    ]
    cases += [(deep, 10 * deep, "The sizes agree already: the two are simply added.")]
    for deep, skip, hint in cases:
        expected = references.fuse_skip(deep, skip)
        reply = ask(fuse_skip, deep, skip, hint=hint)
        reply.should_be(expected, hint, mistakes=_fusion_mistakes(deep, skip))
        yield
    hint = "Both come from layers that learn: no detach, no_grad, data or numpy."
    deep, skip = (torch.rand(1, 2, n, n, requires_grad=True) for n in (3, 5))
    ask(fuse_skip, deep, skip, hint=hint).should_carry_gradient(hint)
    yield
