"""Check the exercises on U-Net in notebook 04: joining a skip, and the block up."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from course_utils.checks import skip_references as references
from course_utils.checks.answer import ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    LAYERS,
    layers_that_run,
    make_module,
    parameters_should_learn,
    shape_should_be,
)
from course_utils.checks.skip_references import draw_values

FEW, MANY = "x is smaller: add zeros.", "x is larger: cut off what is too much."
SIZES = [  # of x, of the skip, what to think about
    ((2, 2), (2, 2), "Of one size already, the two are only concatenated."),
    ((2, 2), (3, 3), FEW),
    ((4, 4), (3, 3), MANY),
    ((2, 4), (5, 7), FEW),
    ((6, 7), (3, 4), MANY),
    ((4, 6), (5, 5), "Each side has its own difference, of either sign."),
    ((16, 30), (15, 31), "Each side has its own difference, of either sign."),
]
IN, SKIP, OUT = 6, 4, 5  # channels
KINDS = ["ConvTranspose2d", *["Conv2d", "BatchNorm2d"] * 2]
SHAPES = [(IN, IN // 2, 2, 2), (OUT, IN // 2 + SKIP, 3, 3), (OUT,), (OUT, OUT, 3, 3)]
SHAPES += [(OUT,)]
BLOCK_SIZES = [  # of x, of the skip
    ((4, 5), (8, 10)),
    ((4, 5), (9, 10)),
    ((7, 6), (13, 13)),
]


def sizes_hint(x: Tensor, skip: Tensor, hint: str, factor: int = 1) -> str:
    """Name both sizes, so that a concatenation that fails can be understood."""
    (height, width), (rows, columns) = x.shape[-2:], skip.shape[-2:]
    made = f"{factor * height}×{factor * width}"
    name = "x" if factor == 1 else f"x, enlarged by {factor},"
    return f"{name} has {made} cells and the skip {rows}×{columns}. {hint}"


def kinds_of(layers: list[nn.Module]) -> list[str]:
    """Name what layers are; a reader's class counts as what it derives from."""
    return [next(k.__name__ for k in LAYERS if isinstance(m, k)) for m in layers]


@exercise("4.1")
def check_join_skip(join_skip: Callable[[Tensor, Tensor], Tensor]) -> Iterator[None]:
    """Check exercise 4.1: values, sizes, channels, images, gradients.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for small, large, advice in SIZES:
        x = torch.arange(1.0, 1 + small[0] * small[1]).view(1, 1, *small)
        skip = -torch.arange(1.0, 1 + large[0] * large[1]).view(1, 1, *large)
        hint = sizes_hint(x, skip, advice)
        expected = references.join_skip(x, skip)
        reply = ask(join_skip, x, skip, hint=hint)
        mistakes = references.join_mistakes(x, skip)
        reply.should_be(expected, hint, mistakes=mistakes)
        yield
    x, skip = torch.randn(2, 3, 5, 6), torch.randn(2, 4, 6, 5)
    hint = "Channels are joined, dim=1; every image keeps to itself."
    reply = ask(join_skip, x, skip, hint=hint)
    mistakes = references.join_mistakes(x, skip)
    reply.should_be(references.join_skip(x, skip), hint, mistakes=mistakes)
    yield
    hint = "Both maps come from layers that learn: no detach, no_grad, data or numpy."
    x, skip = (torch.rand(1, 2, n, n, requires_grad=True) for n in (3, 4))
    ask(join_skip, x, skip, hint=hint).should_carry_gradient(hint)
    yield


def make_block(UpBlock: type[nn.Module]) -> tuple[nn.Module, list[nn.Module]]:
    """Make a block, run it once, and look at the layers that ran."""
    hint = "UpBlock is an nn.Module, made from three numbers of channels."
    made = make_module(UpBlock, IN, SKIP, OUT, hint=hint)
    x, skip = torch.randn(2, IN, 4, 5), torch.randn(2, SKIP, 8, 10)
    advice = "Enlarge x, then join the two, x first; padding=1 keeps the size."
    hint = sizes_hint(x, skip, advice, 2)
    with layers_that_run(made.value) as ran:
        reply = ask(made.value, x, skip, hint=hint)
    shape_should_be(reply, (2, OUT, 8, 10), hint)
    kinds = kinds_of(ran)
    if kinds != KINDS:
        hint = "Enlarge, join, then twice: 3×3 convolution, normalization, ReLU."
        made.refuse(f"should go through {KINDS}, got {kinds}", hint)
    for layer, shape in zip(ran, SHAPES, strict=True):
        if (got := tuple(layer.weight.shape)) != shape:
            name = f"a {type(layer).__name__}"
            hint = f"{IN // 2} channels of x, halved by the enlargement, and {SKIP} of "
            hint += "the skip are joined; the enlargement's kernel is 2×2."
            made.refuse(f"should have {name} with weights {shape}, got {got}", hint)
    if ran[0].stride != (2, 2):
        made.refuse(f"should enlarge by stride 2, got {ran[0].stride}", "It doubles.")
    return made.value, ran


def block_mistakes(
    layers: list[nn.Module], x: Tensor, skip: Tensor
) -> dict[str, Tensor]:
    """Make the typical wrong blocks out of the reader's layers."""
    options = {
        "The order: x first, then the skip.": {"order": "skip first"},
        "ReLU is missing after the last normalization.": {"relus": (0, 1, 0)},
        "ReLU is missing between the convolutions.": {"relus": (0, 0, 1)},
        "ReLU is missing altogether.": {"relus": (0, 0, 0)},
        "No ReLU after the enlargement: that one is linear.": {"relus": (1, 1, 1)},
        "Normalize before the ReLU, not after it.": {"norm_last": True},
    }
    return {
        hint: references.up_block(layers, x, skip, **option)
        for hint, option in options.items()
    }


@exercise("4.2")
def check_up_block(UpBlock: type[nn.Module]) -> Iterator[None]:
    """Check exercise 4.2: layers, values at even and odd sizes, learning.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    block, layers = make_block(UpBlock)
    yield
    draw_values(block.eval())
    hint = "Enlarge, join, then twice: 3×3 convolution, normalization, ReLU."
    for small, large in BLOCK_SIZES:
        x, skip = torch.randn(2, IN, *small), torch.randn(2, SKIP, *large)
        advice = sizes_hint(x, skip, hint, 2)
        reply = ask(block, x, skip, hint=advice)
        with torch.no_grad():
            expected = references.up_block(layers, x, skip)
            mistakes = block_mistakes(layers, x, skip)
        reply.should_be(expected, advice, mistakes=mistakes, tolerance=1e-4)
        yield
    block.train()
    hint = "In training, too, each normalization is used once, and nothing is dropped."
    with torch.no_grad():
        expected = references.up_block(layers, x, skip)
    reply = ask(block, x, skip, hint=hint)
    reply.should_be(expected, hint, tolerance=1e-4)
    yield
    skip.requires_grad_()
    yield from parameters_should_learn(block, x, skip)
