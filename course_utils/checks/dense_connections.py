"""Check the exercises on FC-DenseNet in notebook 04: the dense block, the way up."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from course_utils.checks import skip_references as references
from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    layers_that_run,
    make_module,
    parameters_should_learn,
)
from course_utils.checks.skip_connections import kinds_of
from course_utils.checks.wording import describe

IN, GROWTH, DEPTH = 5, 3, 4
TOLERANCE = 1e-4  # of sums over a few hundred products
UP_IN, UP_OUT, UP_SKIP = 4, 6, 2
UP_SIZES = [  # of x, of the skip, what to think about
    ((3, 4), (6, 8), "Cut off the last row and the last column."),
    ((3, 4), (7, 9), "2h + 1 rows are just right here: nothing is cut off."),
    ((5, 3), (10, 7), "Each side has its own size: cut to the skip's."),
    ((1, 1), (2, 3), "Each side has its own size: cut to the skip's."),
]


def two_maps(reply: Reply, in_channels: int, depth: int, hint: str) -> None:
    """Refuse anything but two tensors, all maps and the new ones."""
    value, new = reply.value, depth * GROWTH
    if not isinstance(value, tuple) or len(value) != 2:
        got = describe(value)
        reply.refuse(f"should return two maps, all and the new ones, got {got}", hint)
    size = (len(reply.args[0]), *reply.args[0].shape[-2:])
    for number, name, channels in ((0, "all", in_channels + new), (1, "new", new)):
        call = f"{name} of {reply.call}"
        shape = torch.empty(size[0], channels, *size[1:], device="meta")
        map_ = value[number]
        map_ = map_.to("meta") if isinstance(map_, Tensor) else map_
        replace(reply, call=call, value=map_).should_be(shape, hint)


def make_block(
    DenseBlock: type[nn.Module], depth: int
) -> tuple[nn.Module, list[tuple[nn.Module, nn.Module]]]:
    """Make a block, run it once, and pair its normalizations with its convolutions."""
    hint = "DenseBlock is made from in_channels, growth_rate and num_layers."
    made = make_module(DenseBlock, IN, GROWTH, depth, hint=hint)
    block = made.value.eval()
    hint = f"Each of the {depth} layers adds {GROWTH} maps to the {IN} that came in; "
    hint += "padding=1 keeps their height and width."
    with layers_that_run(block) as ran:
        reply = ask(block, torch.randn(2, IN, 5, 6), hint=hint)
    two_maps(reply, IN, depth, hint)
    kinds = kinds_of(ran)
    if kinds != (wanted := ["BatchNorm2d", "Conv2d"] * depth):
        hint = "A layer is batch normalization, ReLU, 3×3 convolution, dropout."
        made.refuse(f"should go through {wanted}, got {kinds}", hint)
    seen = [conv.in_channels for conv in ran[1::2]]
    if seen != (wanted := [IN + k * GROWTH for k in range(depth)]):
        hint = "A layer sees the input and the maps of all layers before it."
        made.refuse(f"should have layers that see {wanted} channels, got {seen}", hint)
    sizes = [conv.kernel_size for conv in ran[1::2]]
    if set(sizes) != {(3, 3)}:
        made.refuse(
            f"should have 3×3 kernels, got {sizes}", "padding=1 keeps the size."
        )
    return block, list(zip(ran[::2], ran[1::2], strict=True))


def values_are_right(
    block: nn.Module, layers: list[tuple[nn.Module, nn.Module]]
) -> None:
    """Compare all maps and the new ones, in evaluation mode."""
    hint = "BN, ReLU, convolution, of the input first and then each new map in order."
    x = torch.randn(2, IN, 5, 6)
    options = {
        "The order: the input first, then the new maps as they are made.": {
            "newest_first": True
        },
        "Normalize first, then rectify.": {"relu_first": True},
        "ReLU is missing between normalization and convolution.": {"rectify": False},
    }
    with torch.no_grad():
        expected = references.dense_block(layers, x)
        wrong = {k: references.dense_block(layers, x, **o) for k, o in options.items()}
    reply = ask(block, x, hint=hint)
    for number, name in ((1, "new"), (0, "all")):
        one = replace(reply, call=f"{name} of {reply.call}", value=reply.value[number])
        mistakes = {text: maps[number] for text, maps in wrong.items()}
        if number == 0:
            text = "all begins with the input, and the new maps follow."
            mistakes[text] = expected[0].roll(-IN, dims=1)
        one.should_be(expected[number], hint, mistakes=mistakes, tolerance=TOLERANCE)


@torch.no_grad()
def let_new_maps_be_one(layers: list[tuple[nn.Module, nn.Module]]) -> None:
    """Make every layer return 1, whatever it sees, but at the border."""
    for norm, conv in layers:
        nn.init.zeros_(norm.weight)
        nn.init.ones_(norm.bias)
        nn.init.constant_(conv.weight, 1 / conv.weight[0].numel())
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)


def dropout_is_right(
    block: nn.Module, layers: list[tuple[nn.Module, nn.Module]]
) -> None:
    """Let every layer return 1, and look at what training makes of it."""
    let_new_maps_be_one(layers)
    hint = "Dropout of 0.2 comes last in a layer, after the convolution."
    reply = ask(block.train(), torch.randn(4, IN, 24, 24), hint=hint)
    dropped = reply.value[1] == 0
    if dropped.all(dim=(2, 3)).any():
        hint = "nn.Dropout drops single values; nn.Dropout2d drops whole maps."
        reply.refuse("should drop single values in training, got whole maps", hint)
    share = dropped.double().mean().item()
    if not 0.15 < share < 0.25:
        problem = f"should drop 20 % of the new maps in training, got {100 * share:.0f}"
        reply.refuse(f"{problem} %", hint)
    reply = ask(block.eval(), reply.args[0])
    if (reply.value[1][..., 1:-1, 1:-1] - 1).abs().max() > TOLERANCE:
        hint = "nn.Dropout knows the mode; F.dropout takes training=self.training."
        reply.refuse("should drop nothing in evaluation mode, got other values", hint)


@exercise("4.3")
def check_dense_block(DenseBlock: type[nn.Module]) -> Iterator[None]:
    """Check exercise 4.3: layers, values, dropout, learning, a block of one layer.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for depth in (DEPTH, 1):
        block, layers = make_block(DenseBlock, depth)
        yield
        references.draw_values(block)
        values_are_right(block, layers)
        yield
    block, layers = make_block(DenseBlock, DEPTH)
    references.draw_values(block)
    yield from parameters_should_learn(
        references.Joined(block), torch.randn(2, IN, 5, 6)
    )
    dropout_is_right(block, layers)
    yield


def enlarged_hint(small: tuple[int, int], large: tuple[int, int], advice: str) -> str:
    """Name the size that the layer makes, and the skip's."""
    rows, columns = (2 * side + 1 for side in small)
    made = f"Enlarged, {small[0]}×{small[1]} cells are {rows}×{columns}"
    return f"{made}, and the skip has {large[0]}×{large[1]}. {advice}"


@exercise("4.4")
def check_transition_up(TransitionUp: type[nn.Module]) -> Iterator[None]:
    """Check exercise 4.4: the layer, values at even and odd sizes, learning.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    hint = "TransitionUp is made from in_channels and out_channels."
    made = make_module(TransitionUp, UP_IN, UP_OUT, hint=hint)
    up, wanted = made.value, (UP_IN, UP_OUT, 3, 3)
    for layer in up.modules():
        shape = tuple(getattr(layer, "weight", torch.empty(0)).shape)
        if isinstance(layer, nn.ConvTranspose2d) and shape != wanted:
            hint = "From in_channels to out_channels; the kernel is 3×3."
            made.refuse(f"should enlarge with weights {wanted}, got {shape}", hint)
    x, skip = torch.randn(1, UP_IN, 3, 4), torch.randn(1, UP_SKIP, 6, 8)
    with layers_that_run(up) as ran:
        ask(up, x, skip, hint=enlarged_hint(*UP_SIZES[0]))
    if (kinds := kinds_of(ran)) != ["ConvTranspose2d"]:
        hint = "It is one transposed convolution and a concatenation."
        made.refuse(f"should go through one ConvTranspose2d, got {kinds}", hint)
    yield
    references.draw_values(up)
    for small, large, advice in UP_SIZES:
        x, skip = torch.randn(2, UP_IN, *small), torch.randn(2, UP_SKIP, *large)
        hint = enlarged_hint(small, large, advice)
        with torch.no_grad():
            expected = references.transition_up(ran[0], x, skip)
            shifted = references.transition_up(ran[0], x, skip, offset=1)
        mistakes = {
            "The order: x first, then the skip.": expected.roll(UP_SKIP, dims=1),
            "Cut off the last row and column, not the first: padding=0 in the layer, "
            "and nothing taken off at the top and left.": shifted,
        }
        reply = ask(up, x, skip, hint=hint)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
        yield
    yield from parameters_should_learn(up, x, skip.requires_grad_())
