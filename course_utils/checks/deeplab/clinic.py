"""Check the debug clinic of notebook 05: a DeepLab that answers elsewhere."""

from collections.abc import Iterator

import torch
from torch import nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    gradient_should_reach,
    make_module,
    outputs_of,
)

NUM_CLASSES = 3
SIZES = [(321, 321), (65, 97), (320, 64), (100, 131), (33, 250)]
SIDE = 321  # 8·40 + 1: a cell on the first pixel, and one on the last
_BLOB = 24  # side of a bright square, pixels
_PLACES = [(40, 40), (160, 160), (281, 281), (281, 40), (48, 272)]
NEAR = 1.5  # pixels
_SCORES = 41  # cells a side, of an image of 321


def make_net(Net: type[nn.Module]) -> nn.Module:
    """Make a net in evaluation mode and ask it for the logits of one image."""
    hint = "DeepLab is an nn.Module, made from num_classes."
    net = make_module(Net, NUM_CLASSES, hint=hint).value.eval()
    image = torch.rand(1, 3, SIDE, SIDE, requires_grad=True)
    hint = "Logits of every class and pixel; each layer learns from them."
    logits = ask(net, image, hint=hint)
    logits.should_carry_gradient(hint)
    return net


def _size_is_that_of_the_image(net: nn.Module) -> Iterator[None]:
    """Ask for images of several sizes."""
    for size in SIZES:
        reply = ask(net, torch.rand(1, 3, *size))
        got, wanted = tuple(reply.value.shape), (1, NUM_CLASSES, *size)
        hint = "The size to enlarge to is the image's own; don't compute it from a map."
        if all(a < 0.7 * b for a, b in zip(got[-2:], size, strict=True)):
            hint = "Half the size: which layer halves the map once too often?"
        if got != wanted:
            reply.refuse(f"should have shape {wanted}, got {got}", hint)
        yield


def _scores_are_a_grid_of_eight_pixels(net: nn.Module) -> Iterator[None]:
    """Look at the cells that the last layer scores."""
    call = f"the score layer, for an image of {SIDE}×{SIDE},"
    found = getattr(net, "score", None)
    if not isinstance(found, nn.Module):
        hint = "Keep the layers and their names."
        Reply("DeepLab", (), net).refuse("should have a layer named score", hint)
    with outputs_of(found) as maps:
        ask(net, torch.rand(1, 3, SIDE, SIDE))
    cells = tuple(maps[-1].shape[-2:]) if maps else (0, 0)
    if cells != (_SCORES, _SCORES):
        hint = {
            21: "Half of it: pool4 has a stride, and DeepLab takes that stride away.",
            23: "pool4 has a stride, and a 1x1 layer adds two cells.",
            43: "Two cells too many: a 1x1 convolution needs no padding.",
        }.get(cells[0], "A cell every 8 pixels, and nothing added on the way.")
        problem = f"should have {_SCORES}×{_SCORES} cells, got {cells[0]}×{cells[1]}"
        Reply(call, (), None).refuse(problem, hint)
    yield


@torch.no_grad()
def _let_pass(net: nn.Module) -> None:
    """Make every convolution hand on the mean of its channels, tap by tap."""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            layer.weight.zero_()
            middle = [side // 2 for side in layer.kernel_size]
            layer.weight[:, :, middle[0], middle[1]] = 1 / layer.weight.shape[1]
            if layer.bias is not None:
                layer.bias.zero_()


@torch.no_grad()
def _answers_are_where_they_belong(net: nn.Module) -> Iterator[None]:
    """Show a bright square and look where it comes out."""
    _let_pass(net)
    places = torch.arange(SIDE, dtype=torch.float64)
    for row, column in _PLACES:
        image = torch.zeros(1, 3, SIDE, SIDE)
        half = _BLOB // 2
        image[..., row - half : row + half + 1, column - half : column + half + 1] = 1
        logits = ask(net, image).value[0, 0].double()
        total = logits.sum()
        seen = [
            ((logits.sum(dim=1 - axis) * places).sum() / total).item()
            for axis in (0, 1)
        ]
        off = max(abs(seen[0] - row), abs(seen[1] - column))
        if not off <= NEAR:
            got = f"got it around [{seen[0]:.1f}, {seen[1]:.1f}]"
            problem = f"should show a square that is around [{row}, {column}] there"
            hint = (
                "The cells lie on pixels 0, 8, ... 320. What must coincide, corners or "
                "outer edges, when 41 cells are spread over 321 pixels?"
            )
            reply = Reply("DeepLab(...)", (), None)
            reply.refuse(f"{problem}, {got}", hint)
        yield


def _every_layer_learns(net: nn.Module) -> Iterator[None]:
    """Look for parameters that no loss can move."""
    for parameter in net.parameters():
        nn.init.uniform_(parameter, 0.01, 0.1)
    reply = ask(net, torch.rand(1, 3, 65, 65))
    gradient_should_reach(reply, dict(net.named_parameters()))
    yield


@exercise("5.6")
def check_deeplab(DeepLab: type[nn.Module]) -> Iterator[None]:
    """Check exercise 5.6: sizes, the grid of scores, registration, gradients."""
    net = make_net(DeepLab)
    yield
    yield from _size_is_that_of_the_image(net)
    yield from _scores_are_a_grid_of_eight_pixels(net)
    yield from _every_layer_learns(net)
    yield from _answers_are_where_they_belong(net)
