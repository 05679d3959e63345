"""Check the second debug clinic of notebook 02: the layers that nothing called."""

from collections.abc import Iterator
from dataclasses import replace

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

CHANNELS, HIDDEN = 3, 16
PARTS = {  # kind, kernel, channels
    "fc6": (nn.Conv2d, 7, (CHANNELS, HIDDEN)),
    "fc7": (nn.Conv2d, 1, (HIDDEN, HIDDEN)),
    "fc6_deconv": (nn.ConvTranspose2d, 7, (HIDDEN, CHANNELS)),
}
MAPS = [  # of pool5, hint
    ((7, 7), "fc6, fc7, fc6_deconv, each with normalization and ReLU, in this order."),
    ((12, 15), "fc6 slides over a larger map; the deconvolution gives it back."),
    ((1, 1), "A map below 7×7 is filled up with zeros to 7×7, and cut again behind."),
    ((3, 9), "Each side that is below 7 is filled up for itself."),
]
TOLERANCE = 1e-4  # of sums over a few hundred products


def make_bottleneck(Bottleneck: type[nn.Module]) -> tuple[nn.Module, list[nn.Module]]:
    """Make a bottleneck; return its layers in the order in which they run."""
    hint = "Bottleneck is an nn.Module, made from two widths."
    made = make_module(Bottleneck, CHANNELS, HIDDEN, hint=hint)
    hint = "pool5 goes through fc6, fc7 and fc6_deconv, and comes back as large."
    with layers_that_run(made.value) as ran:
        reply = ask(made.value, torch.rand(3, CHANNELS, 7, 7), hint=hint)
    shape_should_be(reply, (3, CHANNELS, 7, 7), hint)
    made = replace(made, call=f"{made.call}, when it is run,")
    for name in PARTS:
        part_should_run(made, name, ran)
    wanted = [
        name for kind, *_ in PARTS.values() for name in (kind.__name__, "BatchNorm2d")
    ]
    if (kinds := [type(layer).__name__ for layer in ran]) != wanted:
        hint = "Each of the three is followed by its own batch normalization."
        made.refuse(f"should go through {wanted}, got {kinds}", hint)
    return made.value, ran


def part_should_run(made: Reply, name: str, ran: list[nn.Module]) -> None:
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
        hint = "fc6 and fc6_deconv are 7×7, fc7 is 1×1; hidden channels between."
        wanted = f"kernel {kernel_size} and channels {channels}"
        made.refuse(f"should have {name} with {wanted}, got {got}", hint)
    if layer.padding != (0, 0) or layer.stride != (1, 1):
        hint = "Of 7×7 cells fc6 makes one, and the deconvolution 7×7 again."
        made.refuse(f"should have {name} without padding or stride", hint)


def take_through(
    layers: list[nn.Module],
    pool5: Tensor,
    *,
    training: bool = False,
    centered: bool = False,
    relus: tuple[bool, bool, bool] = (True, True, True),
) -> Tensor:
    """Compute the bottleneck with torch's functions; options make mistakes."""
    height, width = pool5.shape[-2:]
    down, right = (max(0, 7 - n) for n in (height, width))
    top, left = (down // 2, right // 2) if centered else (0, 0)
    x = F.pad(pool5, (left, right - left, top, down - top))
    functions = (F.conv2d, F.conv2d, F.conv_transpose2d)
    for k, function in enumerate(functions):
        conv, norm = layers[2 * k : 2 * k + 2]
        x = function(x, conv.weight, conv.bias)
        mean, var = norm.running_mean.clone(), norm.running_var.clone()
        x = F.batch_norm(x, mean, var, norm.weight, norm.bias, training, eps=norm.eps)
        x = x.relu() if relus[k] else x
    return x[..., top : top + height, left : left + width].detach()


def values_are_right(bottleneck: nn.Module, layers: list[nn.Module]) -> Iterator[None]:
    """Compare maps of several sizes with torch's own functions."""
    for size, hint in MAPS:
        pool5 = torch.randn(2, CHANNELS, *size)
        reply = ask(bottleneck.eval(), pool5, hint=hint)
        shape_should_be(reply, (2, CHANNELS, *size), hint)
        wrong = {
            "Fill up at the bottom and right alone, and cut there.": {"centered": True},
            "ReLU is missing after fc6.": {"relus": (False, True, True)},
            "ReLU is missing after fc7.": {"relus": (True, False, True)},
            "ReLU is missing after fc6_deconv.": {"relus": (True, True, False)},
            "ReLU is missing.": {"relus": (False, False, False)},
        }
        mistakes = {h: take_through(layers, pool5, **o) for h, o in wrong.items()}
        expected = take_through(layers, pool5)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
        yield


@exercise("2.4")
def check_bottleneck(Bottleneck: type[nn.Module]) -> Iterator[None]:
    """Check exercise 2.4: what runs, its values at every size, what learns.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    bottleneck, layers = make_bottleneck(Bottleneck)
    yield
    yield from values_are_right(bottleneck, layers)
    hint = "In training nothing is dropped: batch normalization took dropout's place."
    pool5 = torch.randn(4, CHANNELS, 8, 9)
    reply = ask(bottleneck.train(), pool5, hint=hint)
    expected = take_through(layers, pool5, training=True)
    reply.should_be(expected, hint, tolerance=TOLERANCE)
    yield
    yield from parameters_should_learn(bottleneck, torch.randn(4, CHANNELS, 8, 9))
