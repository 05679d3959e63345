"""Check the debug clinics of notebook 02: decoding at every size, the bottleneck."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.deconvnet import references
from course_utils.checks.deconvnet.references import pool_repeatedly
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    layers_should_be,
    layers_that_run,
    make_module,
    parameters_should_learn,
    shape_should_be,
)
from course_utils.models.blocks import Unpool
from course_utils.models.deconvnet import DeconvBlock

SIZES = [  # H and W of the image, number of pools, hint
    ((8, 8), 1, "One block, one pool: block(x, indices, size)."),
    ((8, 12), 2, "The lists run from the deepest stage up, as the blocks do."),
    ((224, 224), 5, "Each block takes the indices and the size of its own pool."),
    ((250, 250), 5, "Twice the map is not always the size that entered the pool."),
    ((360, 480), 5, "Twice the map is not always the size that entered the pool."),
    ((223, 223), 5, "Print the size that each block returns next to sizes."),
    ((479, 351), 5, "Print the size that each block returns next to sizes."),
    ((31, 97), 3, "There are as many blocks as entries in the lists."),
]
TOLERANCE = 1e-4  # of sums over a few hundred products


@exercise("2.3")
def check_decode(decode: Callable[..., Tensor]) -> Iterator[None]:
    """Check exercise 2.3 with blocks that only unpool, then with whole ones."""
    for size, number, hint in SIZES:
        x, indices, sizes = pool_repeatedly(torch.rand(1, 1, *size) + 1, number)
        blocks = [Unpool() for _ in range(number)]
        reply = ask(decode, blocks, x, indices, sizes, hint=hint)
        reply.should_be(
            references.decode(x, indices, sizes),
            hint,
            mistakes=references.decode_mistakes(x, indices, sizes),
        )
        yield
    yield from _blocks_take_turns(decode)
    hint = "The encoder learns through it: no detach, no_grad or data."
    x, indices, sizes = pool_repeatedly(torch.rand(2, 1, 15, 10), 2)
    blocks = [Unpool(), Unpool()]
    reply = ask(decode, blocks, x.requires_grad_(), indices, sizes, hint=hint)
    reply.should_carry_gradient(hint)
    yield


def _blocks_take_turns(decode: Callable[..., Tensor]) -> Iterator[None]:
    """Decode with whole blocks that differ in their channels."""
    hint = "Each block is called once, as block(x, indices, size), in order."
    _, indices, sizes = pool_repeatedly(torch.rand(2, 2, 23, 30), 2)
    indices[0] = indices[0].repeat(1, 2, 1, 1)  # four channels in the deeper stage
    x = torch.rand(indices[0].shape)
    blocks = [DeconvBlock(4, 2, 2).eval(), DeconvBlock(2, 3, 1).eval()]
    reply = ask(decode, blocks, x, indices, sizes, hint=hint)
    expected = x
    for block, index, size in zip(blocks, indices, sizes, strict=True):
        expected = block(expected, index, size)
    shape_should_be(reply, (2, 3, 23, 30), hint)
    reply.should_be(expected.detach(), hint, tolerance=TOLERANCE)
    yield


CHANNELS, _HIDDEN = 3, 16  # channels of pool5, and of the layers between
PARTS = {  # kind, kernel, channels
    "fc6": (nn.Conv2d, 7, (CHANNELS, _HIDDEN)),
    "fc7": (nn.Conv2d, 1, (_HIDDEN, _HIDDEN)),
    "fc6_deconv": (nn.ConvTranspose2d, 7, (_HIDDEN, CHANNELS)),
}
_BOTTLENECK_MISTAKES = {  # hint, how it is made
    "Pad at the bottom and right only, and crop there.": {"centered": True},
    "ReLU is missing after fc6.": {"relus": (False, True, True)},
    "ReLU is missing after fc7.": {"relus": (True, False, True)},
    "ReLU is missing after fc6_deconv.": {"relus": (True, True, False)},
    "ReLU is missing.": {"relus": (False, False, False)},
}
_MAPS = [  # H and W of pool5, hint
    ((7, 7), "fc6, fc7, fc6_deconv, each with normalization and ReLU, in this order."),
    ((12, 15), "fc6 slides over a larger map; the deconvolution gives it back."),
    ((1, 1), "A map below 7×7 is padded with zeros to 7×7, and cropped at the end."),
    ((3, 9), "Each side that is below 7 is padded on its own."),
]


def _make_bottleneck(Bottleneck: type[nn.Module]) -> tuple[nn.Module, list[nn.Module]]:
    """Make a bottleneck; return its layers in the order in which they run."""
    hint = "Bottleneck is an nn.Module, made from two widths."
    made = make_module(Bottleneck, CHANNELS, _HIDDEN, hint=hint)
    hint = "pool5 goes through fc6, fc7 and fc6_deconv, and comes back as large."
    with layers_that_run(made.value) as ran:
        reply = ask(made.value, torch.rand(3, CHANNELS, 7, 7), hint=hint)
    shape_should_be(reply, (3, CHANNELS, 7, 7), hint)
    made = replace(made, call=f"{made.call}, when it is run,")
    for name in PARTS:
        _part_should_run(made, name, ran)
    wanted = [
        name for kind, *_ in PARTS.values() for name in (kind.__name__, "BatchNorm2d")
    ]
    hint = "Each of the three is followed by its own batch normalization."
    layers_should_be(made, ran, wanted, hint)
    return made.value, ran


def _part_should_run(made: Reply, name: str, ran: list[nn.Module]) -> None:
    """Refuse a part that is missing, is never called or has another shape."""
    kind, kernel_size, channels = PARTS[name]
    part = getattr(made.value, name, None)
    inside = set(part.modules()) if isinstance(part, nn.Module) else set()
    found = [layer for layer in ran if layer in inside and isinstance(layer, kind)]
    if not found:
        hint = "A layer that forward never calls learns nothing: call all three."
        made.refuse(f"should go through a {kind.__name__} in {name}", hint)
    layer = found[0]
    got = (layer.kernel_size[0], (layer.in_channels, layer.out_channels))
    if got != (kernel_size, channels):
        hint = (
            "fc6 and fc6_deconv are 7×7, fc7 is 1×1; between them are hidden channels."
        )
        wanted = f"kernel {kernel_size} and channels {channels}"
        made.refuse(f"should have {name} with {wanted}, got {got}", hint)
    if layer.padding != (0, 0) or layer.stride != (1, 1):
        hint = "fc6 makes one cell of 7×7, the deconvolution 7×7 of one."
        made.refuse(f"should have {name} without padding or stride", hint)


def _values_are_right(bottleneck: nn.Module, layers: list[nn.Module]) -> Iterator[None]:
    """Compare maps of several sizes with torch's own functions."""
    for size, hint in _MAPS:
        pool5 = torch.randn(2, CHANNELS, *size)
        reply = ask(bottleneck.eval(), pool5, hint=hint)
        shape_should_be(reply, (2, CHANNELS, *size), hint)
        mistakes = {
            better: references.bottleneck(layers, pool5, **options)
            for better, options in _BOTTLENECK_MISTAKES.items()
        }
        expected = references.bottleneck(layers, pool5)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
        yield


@exercise("2.4")
def check_bottleneck(Bottleneck: type[nn.Module]) -> Iterator[None]:
    """Check exercise 2.4: what runs, its values at every size, what learns."""
    bottleneck, layers = _make_bottleneck(Bottleneck)
    yield
    yield from _values_are_right(bottleneck, layers)
    hint = "In training nothing is dropped: batch normalization took dropout's place."
    pool5 = torch.randn(4, CHANNELS, 8, 9)
    reply = ask(bottleneck.train(), pool5, hint=hint)
    expected = references.bottleneck(layers, pool5, training=True)
    reply.should_be(expected, hint, tolerance=TOLERANCE)
    yield
    yield from parameters_should_learn(bottleneck, torch.randn(4, CHANNELS, 8, 9))
