"""Check the debug clinic of notebook 06, DilatedNet."""

from collections.abc import Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.checks.answer import ask
from course_utils.checks.dilatednet import references
from course_utils.checks.dilatednet.exercises import (
    NUM_CLASSES,
    SIDE,
    TOLERANCE,
    context_size,
    draw_weights,
    learned_by,
    learning_layers_take_part,
    window_seen,
)
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import make_module, outputs_of, shape_should_be

RIM = 4  # pixels beside a border, where a transposed convolution fades out
SIZES = [  # H and W of the image, pixels; hint
    ((64, 64), "Eight times the cells of the front-end."),
    ((40, 72), "Height is not width."),
    ((65, 90), "The front-end pads to whole cells; what was padded is cut off."),
    ((45, 61), "A cell is 8 pixels wide at every size: enlarge by 8, then cut off."),
]


class _SmallFrontEnd(nn.Module):
    """Stands for the real one: means of 8×8 pixels, and a positive score of each."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.score = nn.Conv2d(3, num_classes, 1)
        draw_weights(self, positive=True)

    def forward(self, images: Tensor) -> Tensor:
        """Score the cells, (N, num_classes, H/8, W/8), rounded up."""
        bottom, right = (-side % 8 for side in images.shape[-2:])
        return self.score(F.avg_pool2d(F.pad(images, (0, right, 0, bottom)), 8))


def make_net(Net: type[nn.Module], num_classes: int) -> tuple[nn.Module, nn.Module]:
    """Make a net around a small front-end; return both."""
    front_end = _SmallFrontEnd(num_classes)
    hint = "It is an nn.Module, made from front_end and num_classes."
    return make_module(Net, front_end, num_classes, hint=hint).value, front_end


def _logits_are_right(net: nn.Module, front_end: nn.Module) -> Iterator[None]:
    """Compare, at the identity, with the front-end's logits enlarged."""
    for size, hint in SIZES:
        images = torch.rand(1, 3, *size)
        with torch.no_grad():
            cells = front_end(images)
        expected = references.mended_dilatednet(cells, size)
        reply = ask(net, images, hint=hint)
        shape_should_be(reply, tuple(expected.shape), hint)
        mistakes = {
            "The logits are stretched over the image: a cell is 8 pixels wide.": (
                F.interpolate(cells, size=size, mode="bilinear")
            ),
            "That is nearest: blocks instead of ramps.": references.mended_dilatednet(
                cells, size, mode="nearest", align_corners=None
            ),
            "That is align_corners=True, which moves the cells.": (
                references.mended_dilatednet(cells, size, align_corners=True)
            ),
        }
        inside = (..., *(slice(RIM, 8 * (side // 8) - RIM) for side in size))
        mistakes = {text: wrong[inside] for text, wrong in mistakes.items()}
        hint = (
            "At the start the context module passes positive logits on, and the "
            "enlargement mixes no classes: bilinear, each class by itself, no bias."
        )
        call = f"the inside of {reply.call}"
        reply = replace(reply, call=call, value=reply.value[inside])
        reply.should_be(expected[inside], hint, mistakes=mistakes, tolerance=TOLERANCE)
        yield


def _context_is_used(net: nn.Module, front_end: nn.Module) -> None:
    """Measure how many cells of the front-end's logits a pixel looks at."""
    for name, part in net.named_children():
        if part is not front_end:
            _draw_learned(part, name)
    with outputs_of(front_end) as cells:
        reply = ask(net, torch.rand(1, 3, 8 * 75, 8 * 75))
    if len(cells) != 1:
        problem = f"should use front_end once, got {len(cells)} times"
        reply.refuse(problem, "Its logits go to the context module.")
    parts = "The front-end learns with the rest: no no_grad, no detach."
    if not (reply.value.requires_grad and cells[0].requires_grad):
        reply.refuse("should carry a gradient to front_end, got none", parts)
    side, _ = window_seen(reply.value[0, :, 300, 300].sum(), cells[0])
    if side == 0:
        reply.refuse("should carry a gradient to front_end, got none", parts)
    if side not in (SIDE, SIDE + 1):  # the enlargement adds a neighbor
        hint = (
            "The shape is right, but the context module sees next to nothing: what "
            "does each of its layers get?"
            if side <= 4
            else "Each layer of the context module takes what the one before returned."
        )
        problem = f"should look at {SIDE} or {SIDE + 1} cells a side, got {side}"
        reply.refuse(problem, hint)
    learning_layers_take_part(reply, net)


def _draw_learned(part: nn.Module, name: str) -> None:
    """Draw what learns; a frozen enlargement keeps its kernel."""
    learned = {n for n, p in part.named_parameters() if p.requires_grad}
    frozen = {n: p.clone() for n, p in part.named_parameters() if n not in learned}
    draw_weights(part, positive=True)
    with torch.no_grad():
        for n, values in frozen.items():
            part.get_parameter(n).copy_(values)


@exercise("6.5")
def check_mended_dilatednet(MendedDilatedNet: type[nn.Module]) -> Iterator[None]:
    """Check exercise 6.5: classes, sizes, registration, footprint, what learns."""
    for num_classes in (11, NUM_CLASSES):
        net, front_end = make_net(MendedDilatedNet, num_classes)
        hint = "num_classes decides how many channels there are, in every layer."
        reply = ask(net, torch.rand(2, 3, 64, 64), hint=hint)
        shape_should_be(reply, (2, num_classes, 64, 64), hint)
        yield
    yield from _logits_are_right(net, front_end)
    wanted = learned_by(front_end) + context_size(NUM_CLASSES)
    if learned_by(net) != wanted:
        hint = "The front-end and the context module learn; the enlargement is fixed."
        reply.refuse(f"should learn {wanted} numbers, got {learned_by(net)}", hint)
    yield
    _context_is_used(net, front_end)
    yield
