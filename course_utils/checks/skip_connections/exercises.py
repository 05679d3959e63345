"""Check the exercises of notebook 04: blocks of U-Net and of FC-DenseNet."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    draw_values,
    layers_should_be,
    layers_that_run,
    make_module,
    parameters_should_learn,
    shape_should_be,
)
from course_utils.checks.skip_connections import references
from course_utils.checks.wording import describe

_FEW, _MANY = "x is smaller: add zeros.", "x is larger: cut off the excess."
_JOINS = [  # H and W of x, of the skip, hint
    ((2, 2), (2, 2), "The sizes agree already: the two are simply concatenated."),
    ((2, 2), (3, 3), _FEW),
    ((4, 4), (3, 3), _MANY),
    ((2, 4), (5, 7), _FEW),
    ((6, 7), (3, 4), _MANY),
    ((4, 6), (5, 5), "Each side has its own difference, of either sign."),
    ((16, 30), (15, 31), "Each side has its own difference, of either sign."),
]


def _sizes_hint(x: Tensor, skip: Tensor, hint: str, factor: int = 1) -> str:
    """Name both sizes, so that a concatenation that fails can be understood."""
    (height, width), (rows, columns) = x.shape[-2:], skip.shape[-2:]
    made = f"{factor * height}×{factor * width}"
    name = "x" if factor == 1 else f"x, enlarged by {factor},"
    return f"{name} has {made} cells and the skip {rows}×{columns}. {hint}"


@exercise("4.1")
def check_join_skip(join_skip: Callable[[Tensor, Tensor], Tensor]) -> Iterator[None]:
    """Check exercise 4.1: values, sizes, channels, images, gradients."""
    for small, large, advice in _JOINS:
        x = torch.arange(1.0, 1 + small[0] * small[1]).view(1, 1, *small)
        skip = -torch.arange(1.0, 1 + large[0] * large[1]).view(1, 1, *large)
        hint = _sizes_hint(x, skip, advice)
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


_IN, _SKIP, _OUT = 6, 4, 5  # channels of an up block
_JOINED = _IN // 2 + _SKIP
_WEIGHTS = [(_IN, _IN // 2, 2, 2), (_OUT, _JOINED, 3, 3), (_OUT,), (_OUT, _OUT, 3, 3)]
_WEIGHTS += [(_OUT,)]
_UP_BLOCK_SIZES = [  # H and W of x, of the skip
    ((4, 5), (8, 10)),
    ((4, 5), (9, 10)),
    ((7, 6), (13, 13)),
]
_UP_BLOCK_HINT = "Enlarge, join, then twice: 3×3 convolution, normalization, ReLU."
_UP_BLOCK_MISTAKES = {  # hint, how it is made
    "The order: x first, then the skip.": {"skip_first": True},
    "ReLU is missing after the last normalization.": {"relus": (0, 1, 0)},
    "ReLU is missing between the convolutions.": {"relus": (0, 0, 1)},
    "ReLU is missing altogether.": {"relus": (0, 0, 0)},
    "No ReLU after the enlargement: that one is linear.": {"relus": (1, 1, 1)},
    "Normalize before the ReLU, not after it.": {"norm_last": True},
}
TOLERANCE = 1e-4  # of sums over a few hundred products


def _make_up_block(UpBlock: type[nn.Module]) -> tuple[nn.Module, list[nn.Module]]:
    """Make a block, run it once, and look at the layers that ran."""
    hint = "UpBlock is an nn.Module, made from three numbers of channels."
    made = make_module(UpBlock, _IN, _SKIP, _OUT, hint=hint)
    x, skip = torch.randn(2, _IN, 4, 5), torch.randn(2, _SKIP, 8, 10)
    advice = "Enlarge x, then join the two, x first; padding=1 keeps the size."
    hint = _sizes_hint(x, skip, advice, 2)
    with layers_that_run(made.value) as ran:
        reply = ask(made.value, x, skip, hint=hint)
    shape_should_be(reply, (2, _OUT, 8, 10), hint)
    wanted = ["ConvTranspose2d", *["Conv2d", "BatchNorm2d"] * 2]
    layers_should_be(made, ran, wanted, _UP_BLOCK_HINT)
    for layer, shape in zip(ran, _WEIGHTS, strict=True):
        if (got := tuple(layer.weight.shape)) != shape:
            name = f"a {type(layer).__name__}"
            hint = (
                f"{_IN // 2} channels of x, halved by the enlargement, and {_SKIP} of "
            )
            hint += "the skip are joined; the enlargement's kernel is 2×2."
            made.refuse(f"should have {name} with weights {shape}, got {got}", hint)
    if ran[0].stride != (2, 2):
        made.refuse(f"should enlarge by stride 2, got {ran[0].stride}", "It doubles.")
    return made.value, ran


@exercise("4.2")
def check_up_block(UpBlock: type[nn.Module]) -> Iterator[None]:
    """Check exercise 4.2: layers, values at even and odd sizes, learning."""
    block, layers = _make_up_block(UpBlock)
    yield
    draw_values(block.eval())
    for small, large in _UP_BLOCK_SIZES:
        x, skip = torch.randn(2, _IN, *small), torch.randn(2, _SKIP, *large)
        hint = _sizes_hint(x, skip, _UP_BLOCK_HINT, 2)
        reply = ask(block, x, skip, hint=hint)
        with torch.no_grad():
            expected = references.up_block(layers, x, skip)
            mistakes = {
                better: references.up_block(layers, x, skip, **options)
                for better, options in _UP_BLOCK_MISTAKES.items()
            }
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
        yield
    block.train()
    hint = "In training, too, each normalization is used once, and nothing is dropped."
    with torch.no_grad():
        expected = references.up_block(layers, x, skip)
    reply = ask(block, x, skip, hint=hint)
    reply.should_be(expected, hint, tolerance=TOLERANCE)
    yield
    skip.requires_grad_()
    yield from parameters_should_learn(block, x, skip)


_DENSE_IN, _GROWTH, _DEPTH = 5, 3, 4  # channels given, channels and number of layers
_DENSE_MISTAKES = {  # hint, how it is made
    "The order: the input first, then the new maps as they are made.": {
        "newest_first": True
    },
    "Normalize first, then rectify.": {"relu_first": True},
    "ReLU is missing between normalization and convolution.": {"rectify": False},
}
Pairs = list[tuple[nn.Module, nn.Module]]  # each normalization with its convolution


def _two_maps(reply: Reply, in_channels: int, depth: int, hint: str) -> None:
    """Refuse anything but two tensors, all maps and the new ones."""
    value, new = reply.value, depth * _GROWTH
    if not isinstance(value, tuple) or len(value) != 2:
        got = describe(value)
        reply.refuse(f"should return two maps, all and the new ones, got {got}", hint)
    size = (len(reply.args[0]), *reply.args[0].shape[-2:])
    for number, name, channels in ((0, "all", in_channels + new), (1, "new", new)):
        one = replace(reply, call=f"{name} of {reply.call}", value=value[number])
        shape_should_be(one, (size[0], channels, *size[1:]), hint)


def _make_dense_block(
    DenseBlock: type[nn.Module], depth: int
) -> tuple[nn.Module, Pairs]:
    """Make a block, run it once, and pair its normalizations with its convolutions."""
    hint = "DenseBlock is made from in_channels, growth_rate and num_layers."
    made = make_module(DenseBlock, _DENSE_IN, _GROWTH, depth, hint=hint)
    block = made.value.eval()
    hint = (
        f"Each of the {depth} layers adds {_GROWTH} maps to the {_DENSE_IN} that came "
    )
    hint += "in; padding=1 keeps their height and width."
    with layers_that_run(block) as ran:
        reply = ask(block, torch.randn(2, _DENSE_IN, 5, 6), hint=hint)
    _two_maps(reply, _DENSE_IN, depth, hint)
    hint = "A layer is batch normalization, ReLU, 3×3 convolution, dropout."
    layers_should_be(made, ran, ["BatchNorm2d", "Conv2d"] * depth, hint)
    seen = [conv.in_channels for conv in ran[1::2]]
    if seen != (wanted := [_DENSE_IN + k * _GROWTH for k in range(depth)]):
        hint = "A layer sees the input and the maps of all layers before it."
        made.refuse(f"should have layers that see {wanted} channels, got {seen}", hint)
    sizes = [conv.kernel_size for conv in ran[1::2]]
    if set(sizes) != {(3, 3)}:
        made.refuse(
            f"should have 3×3 kernels, got {sizes}", "padding=1 keeps the size."
        )
    return block, list(zip(ran[::2], ran[1::2], strict=True))


def _dense_values_are_right(block: nn.Module, layers: Pairs) -> None:
    """Compare all maps and the new ones, in evaluation mode."""
    hint = "BN, ReLU, convolution, of the input first and then each new map in order."
    x = torch.randn(2, _DENSE_IN, 5, 6)
    with torch.no_grad():
        expected = references.dense_block(layers, x)
        wrong = {
            better: references.dense_block(layers, x, **options)
            for better, options in _DENSE_MISTAKES.items()
        }
    reply = ask(block, x, hint=hint)
    for number, name in ((1, "new"), (0, "all")):
        one = replace(reply, call=f"{name} of {reply.call}", value=reply.value[number])
        mistakes = {text: maps[number] for text, maps in wrong.items()}
        if number == 0:
            text = "all begins with the input, and the new maps follow."
            mistakes[text] = expected[0].roll(-_DENSE_IN, dims=1)
        one.should_be(expected[number], hint, mistakes=mistakes, tolerance=TOLERANCE)


@torch.no_grad()
def _let_new_maps_be_one(layers: Pairs) -> None:
    """Make every layer return 1, whatever it sees, but at the border."""
    for norm, conv in layers:
        nn.init.zeros_(norm.weight)
        nn.init.ones_(norm.bias)
        nn.init.constant_(conv.weight, 1 / conv.weight[0].numel())
        if conv.bias is not None:
            nn.init.zeros_(conv.bias)


def _dropout_is_right(block: nn.Module, layers: Pairs) -> None:
    """Let every layer return 1, and look at what training makes of it."""
    _let_new_maps_be_one(layers)
    hint = "Dropout of 0.2 comes last in a layer, after the convolution."
    reply = ask(block.train(), torch.randn(4, _DENSE_IN, 24, 24), hint=hint)
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
    """Check exercise 4.3: layers, values, dropout, learning, a block of one layer."""
    for depth in (_DEPTH, 1):
        block, layers = _make_dense_block(DenseBlock, depth)
        yield
        draw_values(block)
        _dense_values_are_right(block, layers)
        yield
    block, layers = _make_dense_block(DenseBlock, _DEPTH)
    draw_values(block)
    yield from parameters_should_learn(
        references.Joined(block), torch.randn(2, _DENSE_IN, 5, 6)
    )
    _dropout_is_right(block, layers)
    yield


_UP_IN, _UP_OUT, _UP_SKIP = 4, 6, 2  # channels of a transition
_UP_SIZES = [  # H and W of x, of the skip, hint
    ((3, 4), (6, 8), "Cut off the last row and the last column."),
    ((3, 4), (7, 9), "2h + 1 rows are just right here: nothing is cut off."),
    ((5, 3), (10, 7), "Each side has its own size: cut to the skip's."),
    ((1, 1), (2, 3), "Each side has its own size: cut to the skip's."),
]


def _enlarged_hint(small: tuple[int, int], large: tuple[int, int], advice: str) -> str:
    """Name the size that the layer makes, and the skip's."""
    rows, columns = (2 * side + 1 for side in small)
    made = f"Enlarged, {small[0]}×{small[1]} cells are {rows}×{columns}"
    return f"{made}, and the skip has {large[0]}×{large[1]}. {advice}"


@exercise("4.4")
def check_transition_up(TransitionUp: type[nn.Module]) -> Iterator[None]:
    """Check exercise 4.4: the layer, values at even and odd sizes, learning."""
    hint = "TransitionUp is made from in_channels and out_channels."
    made = make_module(TransitionUp, _UP_IN, _UP_OUT, hint=hint)
    up, wanted = made.value, (_UP_IN, _UP_OUT, 3, 3)
    for layer in up.modules():
        shape = tuple(getattr(layer, "weight", torch.empty(0)).shape)
        if isinstance(layer, nn.ConvTranspose2d) and shape != wanted:
            hint = "From in_channels to out_channels; the kernel is 3×3."
            made.refuse(f"should enlarge with weights {wanted}, got {shape}", hint)
    x, skip = torch.randn(1, _UP_IN, 3, 4), torch.randn(1, _UP_SKIP, 6, 8)
    with layers_that_run(up) as ran:
        ask(up, x, skip, hint=_enlarged_hint(*_UP_SIZES[0]))
    hint = "It is one transposed convolution and a concatenation."
    layers_should_be(made, ran, ["ConvTranspose2d"], hint)
    yield
    draw_values(up)
    for small, large, advice in _UP_SIZES:
        x, skip = torch.randn(2, _UP_IN, *small), torch.randn(2, _UP_SKIP, *large)
        hint = _enlarged_hint(small, large, advice)
        with torch.no_grad():
            expected = references.transition_up(ran[0], x, skip)
            shifted = references.transition_up(ran[0], x, skip, offset=1)
        mistakes = {
            "The order: x first, then the skip.": expected.roll(_UP_SKIP, dims=1),
            "Cut off the last row and column, not the first: padding=0 in the layer, "
            "and nothing taken off at the top and left.": shifted,
        }
        reply = ask(up, x, skip, hint=hint)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
        yield
    yield from parameters_should_learn(up, x, skip.requires_grad_())
