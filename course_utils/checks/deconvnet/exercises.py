"""Check the exercises of notebook 02: unpooling, and a block of the decoder."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.deconvnet import references
from course_utils.checks.deconvnet.references import pool
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    draw_values,
    layers_should_be,
    layers_that_run,
    make_module,
    parameters_should_learn,
    shape_should_be,
)

_POOLS = [  # (N, C), (H, W), whether the pool rounds up, hint
    ((1, 1), (4, 4), True, "Each value goes to the cell that its index points to."),
    ((1, 1), (6, 4), True, "An index counts along rows of W cells, not of H."),
    ((1, 3), (4, 4), True, "Every channel has indices of its own, from 0 on."),
    ((2, 2), (4, 6), True, "Every image has indices of its own, from 0 on."),
    (
        (1, 1),
        (7, 7),
        True,
        "7 rows are pooled to 4, and 2·4 is not 7: output_size.",
    ),
    ((1, 2), (5, 8), True, "Take H and W from output_size, each for itself."),
    ((1, 1), (5, 5), False, "A pool that rounds down drops the last row and column."),
    ((2, 3), (45, 61), True, "Take H and W from output_size, each for itself."),
]


@exercise("2.1")
def check_unpool(unpool: Callable[..., Tensor]) -> Iterator[None]:
    """Check exercise 2.1: values, sizes, dtype, gradient, and that it is your own."""
    for shape, size, ceil_mode, hint in _POOLS:
        pooled, indices = pool(shape, size, ceil_mode=ceil_mode)
        expected = F.max_unpool2d(pooled, indices, 2, output_size=size)
        reply = ask(unpool, pooled, indices, size, hint=hint)
        mistakes = references.unpool_mistakes(pooled, indices, size)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=0)
        yield
    hint = "The new map has the dtype of pooled: pooled.new_zeros(...) or zeros_like."
    pooled, indices = pool((1, 1), (4, 4))
    expected = F.max_unpool2d(pooled.double(), indices, 2, output_size=(4, 4))
    ask(unpool, pooled.double(), indices, (4, 4), hint=hint).should_be(expected, hint)
    yield
    hint = "The layers below learn through it: no detach, no_grad, numpy or item()."
    reply = ask(unpool, pooled.requires_grad_(), indices, (4, 4), hint=hint)
    (grad,) = reply.should_carry_gradient(hint)
    gradient = Reply(f"the gradient of {reply.call}", (), grad)
    gradient.should_be(torch.ones_like(pooled), "Each value is placed exactly once.")
    yield
    yield from _runs_without_torchs(unpool)


def _runs_without_torchs(unpool: Callable[..., Tensor]) -> Iterator[None]:
    """Ask for deterministic algorithms; torch's own unpooling has none."""
    pooled, indices = pool((1, 1), (4, 4))
    before = torch.are_deterministic_algorithms_enabled()
    warns = torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        hint = "Write F.max_unpool2d yourself: scatter the values by index."
        ask(unpool, pooled, indices, (4, 4), hint=hint)
    finally:
        torch.use_deterministic_algorithms(before, warn_only=warns)
    yield


BLOCKS = [((4, 4), 1), ((4, 2), 1), ((4, 2), 3), ((3, 5), 2)]  # channels, num_layers
_BLOCK_MISTAKES = {  # hint, how it is made
    "ReLU is missing after the last layer.": {"relus": (True, False)},
    "ReLU is missing between the layers.": {"relus": (False, True)},
    "ReLU is missing.": {"relus": (False, False)},
    "ReLU comes after the normalization, not before.": {"relu_first": True},
}
TOLERANCE = 1e-4  # of sums over a few hundred products


def _make_block(
    DeconvBlock: type[nn.Module], channels: tuple[int, int], num_layers: int
) -> tuple[nn.Module, list[nn.Module]]:
    """Make a block and run it; return it with its layers in the order they ran."""
    hint = "DeconvBlock is an nn.Module, made from two widths and a number of layers."
    made = make_module(DeconvBlock, *channels, num_layers, hint=hint)
    hint = "forward takes x, indices and output_size: unpool first, then the layers."
    pooled, indices = pool((2, channels[0]), (6, 8))
    with layers_that_run(made.value) as ran:
        reply = ask(made.value, pooled, indices, (6, 8), hint=hint)
    shape_should_be(reply, (2, channels[1], 6, 8), hint)
    hint = "Each layer is a transposed convolution, batch normalization and ReLU."
    if any(isinstance(layer, nn.Conv2d) for layer in ran):
        hint = "The exercise wants transposed ones (what differs: notebook 03)."
    layers_should_be(made, ran, ["ConvTranspose2d", "BatchNorm2d"] * num_layers, hint)
    widths = [channels[0]] * num_layers + [channels[1]]
    got = [(layer.in_channels, layer.out_channels) for layer in ran[::2]]
    if got != (wanted := list(pairwise(widths))):
        hint = "Only the last layer changes the number of channels."
        made.refuse(f"should have channels {wanted}, got {got}", hint)
    for layer in ran[::2]:
        options = (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        if layer.groups != 1 or options != ((3, 3), (1, 1), (1, 1), (1, 1)):
            hint = "3×3, stride 1, padding 1: unpooling has enlarged the map already."
            made.refuse(f"should have no layer like {layer}", hint)
    return made.value, ran


def _block_values_are_right(
    block: nn.Module,
    layers: list[nn.Module],
    size: tuple[int, int],
    *,
    training: bool,
) -> Iterator[None]:
    """Compare with torch's functions, which are given the block's own numbers."""
    pooled, indices = pool((2, layers[0].in_channels), size)
    unpooled = F.max_unpool2d(pooled, indices, 2, output_size=size)
    hint = "Unpool with these indices, then deconvolution, normalization, ReLU."
    if size[0] % 2:
        hint = "output_size is what entered the pool: 7 rows here, not twice 4."
    if training:
        hint = "In training, batch normalization takes the statistics of the batch."
    mistakes = {
        better: references.deconv_block(layers, unpooled, training=training, **options)
        for better, options in _BLOCK_MISTAKES.items()
    }
    better = "That enlarges by copies, and the indices are not used."
    enlarged = F.interpolate(pooled, size=size)
    mistakes[better] = references.deconv_block(layers, enlarged, training=training)
    if layers[0].in_channels == layers[-2].out_channels:
        x = references.deconv_block(layers, pooled, training=training)
        better = "Unpool first: the layers are there to fill up what it leaves empty."
        mistakes[better] = F.max_unpool2d(x, indices, 2, output_size=size)
    expected = references.deconv_block(layers, unpooled, training=training)
    reply = ask(block.train(training), pooled, indices, size, hint=hint)
    reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
    yield


@exercise("2.2")
def check_deconv_block(DeconvBlock: type[nn.Module]) -> Iterator[None]:
    """Check exercise 2.2: layers, values, odd sizes, training, gradients."""
    for channels, num_layers in BLOCKS:
        block, layers = _make_block(DeconvBlock, channels, num_layers)
        yield
        size = (7, 10) if num_layers == 2 else (6, 8)
        draw_values(block)
        for training in (False, True):
            yield from _block_values_are_right(block, layers, size, training=training)
    yield from parameters_should_learn(block, *pool((2, 3), (7, 10)), (7, 10))
