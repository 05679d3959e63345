"""Check the exercises of notebook 06, DilatedNet."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.dilatednet import references
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    gradient_should_reach,
    layers_that_run,
    make_module,
    shape_should_be,
)
from course_utils.checks.wording import describe

DILATIONS = (1, 1, 2, 4, 8, 16, 1)
_WINDOWS = [  # dilations, kernel_size, side, cells touched in a row, hint
    ([1], 3, 3, 3, "One plain layer touches all of its nine cells."),
    ([], 3, 1, 1, "With no layer at all, a cell sees itself."),
    (
        [1, 1],
        3,
        5,
        5,
        "A layer adds dilation * (kernel_size - 1) cells a side; none is left out.",
    ),
    ([2], 3, 5, 3, "Taps at 0, 2 and 4: 3 of 5 in a row, so 9 of 25 in the window."),
    ([12], 3, 25, 3, "Three taps in a row, however far apart they are."),
    ([1, 2], 3, 7, 7, "Every tap of a layer adds all that the layers below touch."),
    ([2, 2, 2], 3, 13, 7, "Only every other cell is reached: 7 of 13 in a row."),
    ([1, 2, 5], 3, 17, 17, "The layers below fill a gap no wider than they are."),
    ([1, 12], 3, 27, 9, "A dilation of 1 fills only gaps that are not too wide."),
    ([2], 5, 9, 5, "A kernel of 5 has five taps in a row."),
    ([3, 1], 1, 1, 1, "A 1x1 kernel sees one cell, whatever its dilation."),
]


@exercise("6.1")
def check_footprint(footprint: Callable[..., tuple[int, float]]) -> Iterator[None]:
    """Check exercise 6.1, from one layer to random stacks and the context module."""
    for dilations, kernel_size, side, touched, hint in _WINDOWS:
        options = {} if kernel_size == 3 else {"kernel_size": kernel_size}
        row = touched / side
        mistakes = {
            "That is the share of a row; the window is square.": (side, row),
            "That is in percent; give a proportion.": (side, 100 * row**2),
        }
        reply = ask(footprint, dilations, hint=hint, **options)
        reply.should_be((side, row**2), hint, mistakes=mistakes)
        yield
    numbers = random.Random(0)
    stacks = [
        ([numbers.randint(1, 7) for _ in range(length)], numbers.choice([2, 3, 5]))
        for length in (1, 2, 3, 4)
    ]
    hint = "Layer by layer, add every tap to every place that is touched so far."
    for dilations, kernel_size in [*stacks, (list(DILATIONS), 3)]:
        reply = ask(footprint, dilations, kernel_size=kernel_size, hint=hint)
        reply.should_be(references.footprint(dilations, kernel_size), hint)
        yield


KERNELS = [  # channels, kernel_size, options, hint
    (1, 3, {}, "One channel: 1 at the middle of the 3x3 taps, 0 elsewhere."),
    (3, 3, {}, "Output channel k draws on input channel k alone."),
    (2, 5, {}, "The middle of a kernel of 5 is tap 2: kernel_size // 2."),
    (2, 1, {}, "A 1x1 kernel has one tap, and that is the middle."),
    (2, (3, 5), {}, "Height and width each have their own middle."),
    (3, 3, {"dilation": 4}, "Dilation changes nothing: the middle tap stays."),
    (2, 7, {"bias": False}, "There may be no bias: conv.bias is None then."),
]


def _weights_should_be_right(reply: Reply, conv: nn.Conv2d, hint: str) -> None:
    """Compare weight and bias after the call with torch's own identity."""
    expected = nn.init.dirac_(torch.empty_like(conv.weight))
    call = f"the weight after {reply.call}"
    reply = replace(reply, call=call, value=conv.weight.detach())
    has_one_tap = conv.weight[0, 0].numel() == 1
    mistakes = None if has_one_tap else references.kernel_mistakes(expected)
    reply.should_be(expected.detach(), hint, mistakes=mistakes)
    if conv.bias is not None:
        call = call.replace("weight", "bias", 1)
        reply = replace(reply, call=call, value=conv.bias.detach())
        reply.should_be(torch.zeros(len(conv.bias)), "The bias must become 0, too.")


@exercise("6.2")
def check_identity_init_(identity_init_: Callable[[nn.Conv2d], None]) -> Iterator[None]:
    """Check exercise 6.2: in place, the numbers, and what the convolution then does."""
    for channels, kernel_size, options, hint in KERNELS:
        conv = nn.Conv2d(channels, channels, kernel_size, padding="same", **options)
        before = dict(conv.named_parameters())
        reply = ask(identity_init_, conv, hint=hint)
        after = dict(conv.named_parameters())
        if any(after.get(name) is not tensor for name, tensor in before.items()):
            note = "Fill the tensors that are there: an optimizer may hold them."
            reply.refuse("should change weight and bias in place, got others", note)
        if not all(p.requires_grad and p.is_leaf for p in after.values()):
            note = "Change the values alone, inside torch.no_grad()."
            reply.refuse("should leave weight and bias able to learn", note)
        if reply.value is not None:
            note = "It works in place, as its name says with the underscore."
            reply.refuse(f"should return None, got {describe(reply.value)}", note)
        _weights_should_be_right(reply, conv, hint)
        yield
    conv = nn.Conv2d(3, 3, 3, padding="same", dilation=2)
    image = torch.randn(2, 3, 5, 7)
    nn.init.constant_(conv.weight, float("nan"))
    ask(identity_init_, conv)
    ask(conv, image).should_be(image, "Write every number; don't scale what was there.")
    yield


SIDE = 67  # cells, of the window that the context module sees
NUM_CLASSES = 3
TOLERANCE = 1e-4  # seven layers of sums
_CONTEXT_SIZES = [  # h and w in cells, hint
    ((9, 9), "All layers have num_classes channels, and a padding of their dilation."),
    ((5, 12), "Height is not width; a padding of the dilation keeps both."),
    ((70, 33), "Maps come in all sizes: no size may be hard-coded."),
]
_ONE_LAYER = (
    "Its output has the right shape, but does every layer get what the one before "
    "returned? Or does each get the module's input?"
)
_SIDE_HINTS = {  # side of the window that was found, hint
    0: "It learns, and so does the front-end below: no no_grad, no detach.",
    1: _ONE_LAYER,
    3: _ONE_LAYER,
    15: "Its output has the right shape, but all layers have dilation 1: "
    "nn.Conv2d(dilation=...).",
    129: "After 16 comes 1, not 32.",
}
_CONTEXT_MISTAKES = {  # hint, after which layers a ReLU follows
    "No ReLU after the 1x1: logits have both signs.": (1,) * 8,
    "A ReLU is missing after the last 3x3.": (1,) * 6 + (0, 0),
    "ReLUs are missing between the layers.": (0,) * 8,
}


def learned_by(module: nn.Module) -> int:
    """Count the numbers that a module learns."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def context_size(num_classes: int) -> int:
    """Seven 3×3 layers and a 1×1 layer, each with its bias."""
    return 7 * (9 * num_classes**2 + num_classes) + num_classes**2 + num_classes


@torch.no_grad()
def draw_weights(module: nn.Module, *, positive: bool) -> None:
    """Draw weights and biases: positive ones let no path cancel another."""
    generator = torch.Generator().manual_seed(0)
    for parameter in module.parameters():
        std = (parameter[0].numel() if parameter.dim() > 1 else 100) ** -0.5
        parameter.normal_(0, std, generator=generator)
        if positive:
            parameter.abs_().add_(0.01 * std)


def learning_layers_take_part(reply: Reply, module: nn.Module) -> None:
    """Look for parameters that learn and that the reply does not depend on."""
    learned = {n: p for n, p in module.named_parameters() if p.requires_grad}
    hint = "Every layer takes part: none is skipped, and nothing is detached."
    gradient_should_reach(reply, learned, hint)


def window_seen(seen: Tensor, given: Tensor) -> tuple[int, int]:
    """Measure the window of ``given``, (1, C, h, w), that a sum depends on.

    Returns the longer side of the window and how many cells in it are touched.
    """
    grad = torch.autograd.grad(seen, given, retain_graph=True, allow_unused=True)[0]
    cells = torch.zeros(0, 2) if grad is None else grad[0].abs().sum(dim=0).nonzero()
    if not len(cells):
        return 0, 0
    return int((cells.amax(dim=0) - cells.amin(dim=0)).max()) + 1, len(cells)


def _make_context(ContextModule: type[nn.Module], num_classes: int) -> nn.Module:
    """Make a module and look at its start: sizes, the identity, what it learns."""
    hint = "ContextModule is an nn.Module, made from num_classes."
    made = make_module(ContextModule, num_classes, hint=hint)
    module = made.value.eval()
    for size, hint in _CONTEXT_SIZES:
        logits = torch.rand(2, num_classes, *size)
        start = ask(module, logits, hint=hint)
        shape_should_be(start, tuple(logits.shape), hint)
        mistakes = {
            "The input is added once more: there are no shortcuts here.": 2 * logits,
            "Nothing comes through: is a layer all zeros?": torch.zeros_like(logits),
        }
        hint = "Every layer starts as the identity, the 1x1 too: use exercise 6.2."
        start.should_be(logits, hint, mistakes=mistakes, tolerance=TOLERANCE)
    if learned_by(module) != (wanted := context_size(num_classes)):
        hint = (
            "Are the layers in a plain list? nn.ModuleList and nn.Sequential are found."
            if learned_by(module) == 0
            else "Seven 3x3 layers and a 1x1 layer, each its own and with a bias, from "
            "num_classes to num_classes channels."
        )
        made.refuse(f"should learn {wanted} numbers, got {learned_by(module)}", hint)
    return module


def _window_is_right(module: nn.Module) -> None:
    """Measure with positive weights how far a cell looks, and who takes part."""
    draw_weights(module, positive=True)
    logits = torch.rand(1, NUM_CLASSES, 141, 139, requires_grad=True)
    reply = ask(module, logits)
    if not reply.value.requires_grad:
        problem = "should carry a gradient, got a value without one"
        reply.refuse(problem, _SIDE_HINTS[0])
    side, touched = window_seen(reply.value[0, :, 70, 69].sum(), reply.args[0])
    if side not in _SIDE_HINTS:
        learning_layers_take_part(reply, module)
    if side != SIDE:
        default = "The dilations of the 3x3 layers are 1, 1, 2, 4, 8, 16, 1."
        problem = f"should look at {SIDE}x{SIDE} cells, got {side}x{side}"
        reply.refuse(problem, _SIDE_HINTS.get(side, default))
    if touched != SIDE**2:
        problem = f"should look at all {SIDE**2} cells of its window, got {touched}"
        reply.refuse(problem, "There are holes: ask footprint about your dilations.")


def _layers_in_order(module: nn.Module) -> list[nn.Conv2d]:
    """List the convolutions in the order they run, and compare their dilations."""
    with layers_that_run(module) as ran:
        reply = ask(module, torch.rand(1, NUM_CLASSES, 3, 3))
    used = [layer for layer in ran if isinstance(layer, nn.Conv2d)]
    hint = "Context grows from near to far: 1, 1, 2, 4, 8, 16, then 1, then the 1x1."
    dilations = [c.dilation[0] for c in used if c.kernel_size == (3, 3)]
    if dilations != list(DILATIONS) or used[-1].kernel_size != (1, 1):
        problem = (
            f"should use 3x3 layers of dilation 1, 1, 2, 4, 8, 16, 1, got {dilations}"
        )
        reply.refuse(problem, hint)
    return used


@torch.no_grad()
def _context_values_are_right(module: nn.Module, layers: list[nn.Conv2d]) -> None:
    """Compare with weights and logits of both signs."""
    draw_weights(module, positive=False)
    logits = torch.randn(2, NUM_CLASSES, 12, 11)
    mistakes = {
        better: references.context_module(layers, logits, relus=relus)
        for better, relus in _CONTEXT_MISTAKES.items()
    }
    expected = references.context_module(layers, logits)
    hint = "Each 3x3 is padded with zeros by its dilation and followed by one ReLU."
    for mode in (False, True):
        reply = ask(module.train(mode), logits, hint=hint)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
        hint = "It must do the same in training: no dropout, no batch normalization."


@exercise("6.3")
def check_context_module(ContextModule: type[nn.Module]) -> Iterator[None]:
    """Check exercise 6.3: start, size, window, reach, order, values."""
    module = _make_context(ContextModule, NUM_CLASSES)
    yield
    _window_is_right(module)
    yield
    _context_values_are_right(module, _layers_in_order(module))
    yield
    for num_classes in (7, 1):
        _make_context(ContextModule, num_classes)
        yield


PADDINGS = [  # shape, padding, hint
    ((1, 1, 3, 3), 2, "The outermost pixel is the mirror: it is not repeated."),
    ((1, 1, 3, 5), 2, "All four sides grow by padding; H and W each have their rule."),
    ((2, 3, 4, 6), 3, "Every image and every channel alike."),
    ((1, 1, 2, 3), 0, "A padding of 0 leaves the image as it is."),
    ((1, 1, 3, 4), 3, "Wider than the image: turn around again at the far border."),
    ((1, 2, 4, 3), 11, "Wider than the image: there and back, again and again."),
    ((1, 1, 2, 5), 186, "186 pixels around a small image: there and back, many times."),
    ((1, 1, 1, 3), 4, "A side of one pixel has nothing to mirror: repeat the pixel."),
]


@exercise("6.4")
def check_reflect_pad(reflect_pad: Callable[[Tensor, int], Tensor]) -> Iterator[None]:
    """Check exercise 6.4: narrow paddings, wider than the image, then gradients."""
    for shape, padding, hint in PADDINGS:
        image = torch.arange(1.0, 1 + np.prod(shape)).view(shape)
        expected = references.reflect_pad(image, padding)
        mistakes = references.padding_mistakes(image, padding) if padding else None
        reply = ask(reflect_pad, image, padding, hint=hint)
        reply.should_be(expected, hint, mistakes=mistakes)
        yield
    hint = "Gradients must flow back to the image: stay with torch, nothing detached."
    image = torch.rand(1, 1, 3, 3, requires_grad=True)
    (grad,) = ask(reflect_pad, image, 1, hint=hint).should_carry_gradient(hint)
    # a corner is seen once, a middle of a side 1 + 2 times along that side's axis
    times = torch.tensor([1.0, 3.0, 1.0])
    Reply("the gradient of its sum", (), grad[0, 0]).should_be(
        torch.outer(times, times), hint
    )
    yield
