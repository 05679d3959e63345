"""Check exercise 2.1 of notebook 02, unpooling."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    layers_that_run,
    make_module,
    parameters_should_learn,
    shape_should_be,
)

UNPOOLINGS = [  # (N, C), (H, W), does the pool round up, hint
    ((1, 1), (4, 4), True, "Each value goes to the cell its index counts to."),
    ((1, 1), (6, 4), True, "An index counts along rows of W cells, not of H."),
    ((1, 3), (4, 4), True, "Every channel has indices of its own, from 0 on."),
    ((2, 2), (4, 6), True, "Every image has indices of its own, from 0 on."),
    ((1, 1), (7, 7), True, "7 rows are pooled to 4, and 2·4 is not 7: rows have W."),
    ((1, 2), (5, 8), True, "Take H and W from output_size, each for itself."),
    ((1, 1), (5, 5), False, "The pool may leave a last row and column out."),
    ((2, 3), (45, 61), True, "Take H and W from output_size, each for itself."),
]


def pool(
    shape: tuple[int, int], size: tuple[int, int], *, ceil_mode: bool = True
) -> tuple[Tensor, Tensor]:
    """Pool noise of both signs; return the maxima and their indices."""
    return F.max_pool2d(
        torch.randn(*shape, *size), 2, ceil_mode=ceil_mode, return_indices=True
    )


def unpool_mistakes(
    pooled: Tensor, indices: Tensor, size: tuple[int, int]
) -> dict[str, Tensor]:
    """Make the typical wrong maps out of the right arguments."""
    (h, w), (height, width) = pooled.shape[-2:], size
    at_corners = torch.zeros(*pooled.shape[:2], 2 * h, 2 * w)
    at_corners[..., ::2, ::2] = pooled
    copies = pooled.repeat_interleave(2, -2).repeat_interleave(2, -1)
    of_the_first = indices[:1, :1].expand_as(indices)
    columns_first = place(pooled, indices, (width, height)).transpose(-2, -1)
    mistakes = {
        "That is the top left of every window: the indices are not used.": at_corners,
        "That copies every value four times; the other three cells are 0.": copies,
        "Every channel has indices of its own.": place(pooled, of_the_first, size),
        "Rows are W cells long, not twice the pooled width.": place(
            pooled, indices, (2 * h, 2 * w)
        ),
        "An index counts along rows, not down the columns.": columns_first,
    }
    right = place(pooled, indices, size)
    mistakes = {hint: m[..., :height, :width] for hint, m in mistakes.items()}
    return {hint: m for hint, m in mistakes.items() if not m.equal(right)}


def place(pooled: Tensor, indices: Tensor, size: tuple[int, int]) -> Tensor:
    """Put values at flat indices of a map of any size; what is outside is lost."""
    length = max(size[0] * size[1], int(indices.max()) + 1)
    flat = torch.zeros(*pooled.shape[:2], length, dtype=pooled.dtype)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat[..., : size[0] * size[1]].unflatten(2, size)


@exercise("2.1")
def check_unpool(unpool: Callable[..., Tensor]) -> Iterator[None]:
    """Check exercise 2.1: values, sizes, dtype, gradient, and that it is your own.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for shape, size, ceil_mode, hint in UNPOOLINGS:
        pooled, indices = pool(shape, size, ceil_mode=ceil_mode)
        expected = F.max_unpool2d(pooled, indices, 2, output_size=size)
        reply = ask(unpool, pooled, indices, size, hint=hint)
        mistakes = unpool_mistakes(pooled, indices, size)
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
    yield from runs_without_torchs(unpool)


def runs_without_torchs(unpool: Callable[..., Tensor]) -> Iterator[None]:
    """Ask for deterministic algorithms, which torch's own unpooling has not."""
    pooled, indices = pool((1, 1), (4, 4))
    before = torch.are_deterministic_algorithms_enabled()
    warns = torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        hint = "F.max_unpool2d is what you are to write: scatter values by index."
        ask(unpool, pooled, indices, (4, 4), hint=hint)
    finally:
        torch.use_deterministic_algorithms(before, warn_only=warns)
    yield


TOLERANCE = 1e-4  # of sums over a few hundred products


@dataclass
class Parts:
    """The layers of a block in the order in which they ran."""

    deconvs: list[nn.ConvTranspose2d]
    norms: list[nn.BatchNorm2d]


def make_block(
    DeconvBlock: type[nn.Module], channels: tuple[int, int], num_layers: int
) -> tuple[nn.Module, Parts]:
    """Make a block, run it once, and look at its layers."""
    hint = "DeconvBlock is an nn.Module, made from two widths and a number of layers."
    made = make_module(DeconvBlock, *channels, num_layers, hint=hint)
    hint = "forward takes x, indices and output_size: unpool first, then the layers."
    pooled, indices = pool((2, channels[0]), (6, 8))
    with layers_that_run(made.value) as ran:
        reply = ask(made.value, pooled, indices, (6, 8), hint=hint)
    shape_should_be(reply, (2, channels[1], 6, 8), hint)
    return made.value, layers_should_be(made, ran, channels, num_layers)


def layers_should_be(
    made: Reply, ran: list[nn.Module], channels: tuple[int, int], num_layers: int
) -> Parts:
    """Compare number, order, kernels and channels of the layers that ran."""
    kinds = [type(layer).__name__ for layer in ran]
    hint = "Each layer is a transposed convolution, batch normalization and ReLU."
    if "Conv2d" in kinds:
        hint = "The exercise wants transposed ones (what differs: notebook 03)."
    if kinds != (wanted := ["ConvTranspose2d", "BatchNorm2d"] * num_layers):
        made.refuse(f"should go through {wanted}, got {kinds}", hint)
    deconvs, norms = ran[::2], ran[1::2]
    widths = [channels[0]] * num_layers + [channels[1]]
    got = [(layer.in_channels, layer.out_channels) for layer in deconvs]
    if got != (wanted := list(pairwise(widths))):
        hint = "Only the last layer changes the number of channels."
        made.refuse(f"should have channels {wanted}, got {got}", hint)
    for layer in deconvs:
        options = (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        if layer.groups != 1 or options != ((3, 3), (1, 1), (1, 1), (1, 1)):
            hint = "3×3, stride 1, padding 1: unpooling has enlarged the map already."
            made.refuse(f"should have no layer like {layer}", hint)
    return Parts(deconvs, norms)


@torch.no_grad()
def draw_numbers(parts: Parts) -> None:
    """Draw weights, biases and statistics, alike for every answer."""
    generator = torch.Generator().manual_seed(0)
    for deconv, norm in zip(parts.deconvs, parts.norms, strict=True):
        std = (9 * deconv.in_channels) ** -0.5
        deconv.weight.normal_(0, std, generator=generator)
        for vector in (deconv.bias, norm.bias, norm.running_mean):
            if vector is not None:
                vector.normal_(0, 0.5, generator=generator)
        for vector in (norm.weight, norm.running_var):
            if vector is not None:
                vector.uniform_(0.5, 2, generator=generator)


def fill_up(
    parts: Parts,
    x: Tensor,
    *,
    training: bool,
    relus: tuple[bool, bool] = (True, True),
    relu_first: bool = False,
) -> Tensor:
    """Apply the layers to an unpooled map; the options make the typical mistakes."""
    for k, (deconv, norm) in enumerate(zip(parts.deconvs, parts.norms, strict=True)):
        x = F.conv_transpose2d(x, deconv.weight, deconv.bias, padding=1)
        x = x.relu() if relu_first else x
        mean, var = norm.running_mean.clone(), norm.running_var.clone()
        x = F.batch_norm(x, mean, var, norm.weight, norm.bias, training, eps=norm.eps)
        is_last = k == len(parts.deconvs) - 1
        x = x.relu() if relus[is_last] and not relu_first else x
    return x


def values_are_right(
    block: nn.Module, parts: Parts, size: tuple[int, int], *, training: bool
) -> Iterator[None]:
    """Compare with torch's own layers, those of the block, in the order they ran."""
    pooled, indices = pool((2, parts.deconvs[0].in_channels), size)
    sparse = F.max_unpool2d(pooled, indices, 2, output_size=size)
    full = F.interpolate(pooled, size=size)
    draw_numbers(parts)
    expected = fill_up(parts, sparse, training=training)
    hint = "Unpool with these indices, then deconvolution, normalization, ReLU."
    if size[0] % 2:
        hint = "output_size is what entered the pool: 7 rows here, not twice 4."
    if training:
        hint = "In training, batch normalization takes the statistics of the batch."
    wrong = {
        "ReLU is missing after the last layer.": {"relus": (True, False)},
        "ReLU is missing between the layers.": {"relus": (False, True)},
        "ReLU is missing.": {"relus": (False, False)},
        "ReLU comes after the normalization, not before.": {"relu_first": True},
    }
    mistakes = {
        hint: fill_up(parts, sparse, training=training, **options)
        for hint, options in wrong.items()
    }
    better = "That enlarges by copies, and the indices are not used."
    mistakes[better] = fill_up(parts, full, training=training)
    if expected.shape[1] == pooled.shape[1]:
        x = fill_up(parts, pooled, training=training)
        better = "Unpool first: the layers are there to fill up what it leaves empty."
        mistakes[better] = F.max_unpool2d(x, indices, 2, output_size=size)
    reply = ask(block.train(training), pooled, indices, size, hint=hint)
    reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
    yield


@exercise("2.2")
def check_deconv_block(DeconvBlock: type[nn.Module]) -> Iterator[None]:
    """Check exercise 2.2: layers, values, odd sizes, training, gradients.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for channels, num_layers in (((4, 4), 1), ((4, 2), 1), ((4, 2), 3), ((3, 5), 2)):
        block, parts = make_block(DeconvBlock, channels, num_layers)
        yield
        size = (7, 10) if num_layers == 2 else (6, 8)
        for training in (False, True):
            yield from values_are_right(block, parts, size, training=training)
    yield from parameters_should_learn(block, *pool((2, 3), (7, 10)), (7, 10))
