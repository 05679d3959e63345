"""Check exercise 2.2 of notebook 02, a stage of DeconvNet's decoder."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.deconvnet import pool
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    layers_that_run,
    make_module,
    parameters_should_learn,
    shape_should_be,
)

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
