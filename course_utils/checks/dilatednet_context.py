"""Check the context module, exercise 6.3 of notebook 06."""

from collections.abc import Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.wording import describe

DILATIONS = (1, 1, 2, 4, 8, 16, 1)
SIDE, CLASSES = 67, 3  # of the window, cells; of the maps in these checks
TOLERANCE = 1e-4  # seven layers of sums
SIZES = [  # h and w in cells, hint
    ((9, 9), "All layers have num_classes channels, and a padding of their dilation."),
    ((5, 12), "Height is not width; a padding of the dilation keeps both."),
    ((70, 33), "Maps are large and small: no size may be written down."),
]
SHAPE_FITS = "Its output has the right shape, but"
WINDOWS = {  # side that was found, hint
    side: f"{SHAPE_FITS} does every layer get what the one before returned? "
    "Or does each get the module's input?"
    for side in (1, 3)
}
WINDOWS[0] = "It learns, and so does the front-end below: no no_grad, no detach."
WINDOWS[15] = f"{SHAPE_FITS} all layers have dilation 1: nn.Conv2d(dilation=...)."
WINDOWS[129] = "After 16 comes 1, not 32."


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


def parameters_should_learn(reply: Reply, module: nn.Module) -> None:
    """Look for parameters that the reply does not depend on."""
    learned = {n: p for n, p in module.named_parameters() if p.requires_grad}
    hint = "Every layer takes part: none is skipped, and nothing is detached."
    if not reply.value.requires_grad:
        reply.refuse("should carry a gradient to its layers, got none", hint)
    total = reply.value.sum()
    grads = torch.autograd.grad(total, list(learned.values()), allow_unused=True)
    idle = [name for name, g in zip(learned, grads, strict=True) if g is None]
    if idle:
        got = f"got none at {len(idle)} of {len(learned)} tensors, such as {idle[0]}"
        reply.refuse(f"should carry a gradient to every parameter, {got}", hint)


def window_seen(seen: Tensor, given: Tensor) -> tuple[int, int]:
    """Measure the window of ``given``, (1, C, h, w), that a sum depends on.

    Returns the longer side of the window and how many cells in it are touched.
    """
    grad = torch.autograd.grad(seen, given, retain_graph=True, allow_unused=True)[0]
    cells = torch.zeros(0, 2) if grad is None else grad[0].abs().sum(dim=0).nonzero()
    if not len(cells):
        return 0, 0
    return int((cells.amax(dim=0) - cells.amin(dim=0)).max()) + 1, len(cells)


def make_context(ContextModule: type[nn.Module], num_classes: int) -> nn.Module:
    """Make a module and look at its start: sizes, the identity, what it learns."""
    hint = "ContextModule is an nn.Module, made from num_classes."
    reply = ask(ContextModule, num_classes, hint=hint)
    if not isinstance(module := reply.value, nn.Module):
        reply.refuse(f"should be a module, got {describe(module)}", hint)
    module.eval()
    for size, hint in SIZES:
        logits = torch.rand(2, num_classes, *size)
        start = ask(module, logits, hint=hint)
        shape_should_be(start, logits, hint)
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
        reply.refuse(f"should learn {wanted} numbers, got {learned_by(module)}", hint)
    return module


def shape_should_be(reply: Reply, expected: Tensor, hint: str) -> None:
    """Refuse values of another shape or dtype, whatever the numbers."""
    value = reply.value.to("meta") if isinstance(reply.value, Tensor) else reply.value
    replace(reply, value=value).should_be(expected.to("meta"), hint)


def window_is_right(module: nn.Module) -> None:
    """Measure with positive weights how far a cell looks, and who takes part."""
    draw_weights(module, positive=True)
    logits = torch.rand(1, CLASSES, 141, 139, requires_grad=True)
    reply = ask(module, logits)
    if not reply.value.requires_grad:
        problem = "should carry a gradient, got a value without one"
        reply.refuse(problem, WINDOWS[0])
    side, touched = window_seen(reply.value[0, :, 70, 69].sum(), reply.args[0])
    if side not in WINDOWS:
        parameters_should_learn(reply, module)
    if side != SIDE:
        default = "The dilations of the 3x3 layers are 1, 1, 2, 4, 8, 16, 1."
        problem = f"should look at {SIDE}x{SIDE} cells, got {side}x{side}"
        reply.refuse(problem, WINDOWS.get(side, default))
    if touched != SIDE**2:
        problem = f"should look at all {SIDE**2} cells of its window, got {touched}"
        reply.refuse(problem, "There are holes: ask footprint about your dilations.")


def layers_in_order(module: nn.Module) -> list[nn.Conv2d]:
    """Note the convolutions as they are used, and compare their dilations."""
    used: list[nn.Conv2d] = []
    handles = [
        layer.register_forward_hook(lambda layer, *_: used.append(layer))
        for layer in module.modules()
        if isinstance(layer, nn.Conv2d)
    ]
    reply = ask(module, torch.rand(1, CLASSES, 3, 3))
    for handle in handles:
        handle.remove()
    hint = "Context grows from near to far: 1, 1, 2, 4, 8, 16, then 1, then the 1x1."
    dilations = [c.dilation[0] for c in used if c.kernel_size == (3, 3)]
    if dilations != list(DILATIONS) or used[-1].kernel_size != (1, 1):
        problem = (
            f"should use 3x3 layers of dilation 1, 1, 2, 4, 8, 16, 1, got {dilations}"
        )
        reply.refuse(problem, hint)
    return used


def refined(
    layers: list[nn.Conv2d], logits: Tensor, *, relus: tuple[int, ...] = (1,) * 7 + (0,)
) -> Tensor:
    """Apply the layers to the logits; ``relus`` says after which a ReLU follows."""
    for layer, rectify in zip(layers, relus, strict=True):
        padding = layer.dilation[0] * (layer.kernel_size[0] // 2)
        logits = F.conv2d(logits, layer.weight, layer.bias, 1, padding, layer.dilation)
        logits = logits.relu() if rectify else logits
    return logits


@torch.no_grad()
def values_are_right(module: nn.Module, layers: list[nn.Conv2d]) -> None:
    """Compare with weights and logits of both signs."""
    draw_weights(module, positive=False)
    logits = torch.randn(2, CLASSES, 12, 11)
    mistakes = {
        "No ReLU after the 1x1: logits have both signs.": (1,) * 8,
        "A ReLU is missing after the last 3x3.": (1,) * 6 + (0, 0),
        "ReLUs are missing between the layers.": (0,) * 8,
    }
    wrong = {hint: refined(layers, logits, relus=r) for hint, r in mistakes.items()}
    hint = "Each 3x3 is padded with zeros by its dilation and followed by one ReLU."
    for mode in (False, True):
        reply = ask(module.train(mode), logits, hint=hint)
        expected = refined(layers, logits)
        reply.should_be(expected, hint, mistakes=wrong, tolerance=TOLERANCE)
        hint = "It must do the same in training: no dropout, no batch normalization."


@exercise("6.3")
def check_context_module(ContextModule: type[nn.Module]) -> Iterator[None]:
    """Check exercise 6.3: start, size, window, reach, order, values.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    module = make_context(ContextModule, CLASSES)
    yield
    window_is_right(module)
    yield
    values_are_right(module, layers_in_order(module))
    yield
    for num_classes in (7, 1):
        make_context(ContextModule, num_classes)
        yield
