"""Check the debug clinic of notebook 03, SegNet."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import gradient_should_reach, make_module
from course_utils.checks.segnet import references

_NUM_STAGES = 5
_NUM_LINES = 8  # rows, and columns, that are traced back
LEARNS = "Every stage learns: no detach, no_grad, data or numpy."
_PICTURES = [  # H and W, hint
    ((64, 96), "Pool after each stage, unpool before each stage of the decoder."),
    ((64, 96), "Indices and sizes belong to one call: keep none for the next."),
    ((360, 480), "12 rows go back to the 23 that were pooled: nothing is resized."),
    ((64, 223), "With a wrong width, flat indices are read as other rows and columns."),
    ((250, 321), "Remember the size before each pool, and unpool to it."),
]
_VALUES = [  # N, H and W, hint
    ((1, 64, 32), "The decoder's list begins with the deepest stage."),
    ((2, 64, 32), "Every image of a batch has its own indices."),
    ((1, 45, 61), "Zeros around the image take part in pools and convolutions."),
    ((1, 33, 40), "Pools round up, and only real values enter them."),
]


def _no_stages() -> tuple[nn.ModuleList, nn.ModuleList]:
    """Make stages that do nothing, so that only pools and unpools are left."""
    first, second = (
        nn.ModuleList(nn.Identity() for _ in range(_NUM_STAGES)) for _ in range(2)
    )
    return first, second


def _small_stages() -> tuple[nn.ModuleList, nn.ModuleList]:
    """Make stages of one convolution each, all different."""
    first, second = (
        nn.ModuleList(nn.Conv2d(2, 2, 3, padding=1) for _ in range(_NUM_STAGES))
        for _ in range(2)
    )
    with torch.no_grad():
        for stage in (*first, *second):
            stage.weight.normal_(0, 0.5)
    return first, second


def _values_come_back_to_their_place(reply: Reply, hint: str) -> None:
    """Ask by gradient from which row, and column, some of them are answered."""
    (image,) = reply.args
    if not isinstance(reply.value, Tensor) or reply.value.shape != image.shape:
        reply.should_be(image, hint)
    if not reply.value.requires_grad:
        reply.refuse("should carry a gradient, got a value without one", LEARNS)
    for axis, name in ((2, "row"), (3, "column")):
        lines = reply.value.movedim(axis, 0).flatten(1).sum(dim=1)
        lit = lines.nonzero().flatten().tolist()
        for line in lit[:: max(1, len(lit) // _NUM_LINES)] + lit[-1:]:
            came = _center_of_mass(lines[line], image, axis)
            if abs(came - line) > 0.01:
                problem = f"should answer {name} {line} from {name} {line}"
                reply.refuse(f"{problem}, got {name} {came:.1f}", hint)
    cells = [-(-n // 2**_NUM_STAGES) for n in image.shape[-2:]]
    wanted, arrived = cells[0] * cells[1], int((reply.value > 0).sum())
    if arrived != wanted:
        problem = f"should bring back {wanted} values, one a cell, got {arrived}"
        if 0 < wanted - arrived <= max(cells):
            hint = "A last odd row or column has cells too: pools round up."
        reply.refuse(problem, hint)


def _center_of_mass(line: Tensor, image: Tensor, axis: int) -> float:
    """Find from which row or column of the image a sum of outputs comes."""
    (grad,) = torch.autograd.grad(line, image, retain_graph=True)
    mass = grad.movedim(axis, 0).flatten(1).sum(dim=1).double()
    return ((mass * torch.arange(len(mass))).sum() / mass.sum()).item()


@exercise("3.4")
def check_encoder_decoder(EncoderDecoder: type[nn.Module]) -> Iterator[None]:
    """Check exercise 3.4: where values arrive, then what they are, then gradients."""
    hint = "EncoderDecoder is an nn.Module, made from stages and decoder."
    net = make_module(EncoderDecoder, *_no_stages(), hint=hint).value
    for size, hint in _PICTURES:
        image = (torch.rand(1, 1, *size) + 1).requires_grad_()
        _values_come_back_to_their_place(ask(net, image, hint=hint), hint)
        yield
    stages = _small_stages()
    net = make_module(EncoderDecoder, *stages, hint=hint).value
    for (number, height, width), hint in _VALUES:
        images = torch.randn(number, 2, height, width) - 1
        expected = references.encoder_decoder(*stages, images)
        ask(net, images, hint=hint).should_be(expected, hint, tolerance=1e-4)
        yield
    hint = "Keep the stages as attributes: self.stages, self.decoder."
    known = {id(p) for p in net.parameters()}
    reply = ask(net, torch.randn(1, 2, 40, 33))
    parameters = dict(nn.ModuleList(stages).named_parameters())
    for name, parameter in parameters.items():
        if id(parameter) not in known:
            reply.refuse(f"should have the parameter {name} of its stages", hint)
    gradient_should_reach(reply, parameters, LEARNS)
    yield
