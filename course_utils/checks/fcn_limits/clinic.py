"""Check the debug clinic of notebook 01, FCN and its limits."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.fcn_limits import references
from course_utils.checks.modules import (
    draw_values,
    gradient_should_reach,
    make_module,
    shape_should_be,
)
from course_utils.checks.wording import difference

KERNELS = {"fc6": 7, "fc7": 1, "score": 1}
CHANNELS, NUM_CLASSES = 5, 3
_STRIDE = 32  # pixels of the image per cell of pool5
RIM = 7 * _STRIDE // 2  # pixels whose 8 cells are not all on the map
_MAP = (12, 11)  # cells: some of them at least 4 from every border
_IMAGE = (_MAP[0] * _STRIDE, _MAP[1] * _STRIDE)
SIZES = [  # H and W of pool5, of the logits, hint
    ((4, 4), (128, 128), "fc6 must take maps that are smaller than its kernel, too."),
    ((4, 6), (128, 192), "Height and width each have their own factor."),
    ((6, 4), (200, 150), "size need not be 32 times the map: enlarge to size itself."),
    ((7, 8), (250, 281), "size need not be 32 times the map: enlarge to size itself."),
]
TOLERANCE = 1e-4  # sums over thousands of channels
_MISTAKES = {  # hint, how it is made
    "ReLU is missing after fc6.": {"relus": (False, True, False)},
    "ReLU is missing after fc7.": {"relus": (True, False, False)},
    "ReLU is missing between the layers.": {"relus": (False, False, False)},
    "No ReLU after score: logits have both signs.": {"relus": (True, True, True)},
    "That is align_corners=True, which stretches.": {"align_corners": True},
    "That is nearest.": {"mode": "nearest", "align_corners": None},
}


def make_head(Head: type[nn.Module]) -> nn.Module:
    """Make a head, in evaluation mode, and ask it for one map of scores."""
    hint = "Head is an nn.Module, made from in_channels and num_classes."
    head = make_module(Head, CHANNELS, NUM_CLASSES, hint=hint).value
    hint = "Scores of each class, enlarged to size; each layer learns from them."
    pool5 = torch.rand(1, CHANNELS, 7, 7, requires_grad=True)
    logits = ask(head.eval(), pool5, (224, 224), hint=hint)
    shape_should_be(logits, (1, NUM_CLASSES, 224, 224), hint)
    logits.should_carry_gradient(hint)
    return head


def _layers_of(head: nn.Module) -> list[nn.Conv2d]:
    """Find fc6, fc7 and score: each a convolution, or a sequence with one in it."""
    layers: list[nn.Conv2d] = []
    reply = Reply(f"{type(head).__name__}({CHANNELS}, {NUM_CLASSES})", (), head)
    hint = "fc6 is a 7x7 convolution, fc7 and score are 1x1, none of them in groups."
    for name, kernel_size in KERNELS.items():
        part = getattr(head, name, None)
        modules = part.modules() if isinstance(part, nn.Module) else ()
        found = [m for m in modules if isinstance(m, nn.Conv2d)]
        if len(found) != 1:
            reply.refuse(f"should have one nn.Conv2d as {name}, got {len(found)}", hint)
        shape = list(found[0].weight.shape)
        before = layers[-1].out_channels if layers else CHANNELS
        out = NUM_CLASSES if name == "score" else shape[0]
        if shape != (wanted := [out, before, kernel_size, kernel_size]):
            reply.refuse(f"should have {name} shaped {wanted}, got {shape}", hint)
        layers += found
    return layers


@torch.no_grad()
def _average_everything(layers: list[nn.Conv2d]) -> None:
    """Make every cell of every layer the mean of what it sees."""
    for layer in layers:
        layer.weight.fill_(1 / layer.weight[0].numel())
        if layer.bias is not None:
            layer.bias.zero_()
    layers[-1].weight[0] *= 2  # else no cell would move a softmax


def _field_of(reply: Reply, row: int, column: int) -> Tensor:
    """How much each cell of pool5 moves the first logit of one pixel, (h, w)."""
    score = reply.value[0, 0, row, column]
    (grad,) = torch.autograd.grad(score, reply.args[0], retain_graph=True)
    return grad[0].abs().sum(dim=0)


def _pixels_see_their_surroundings(head: nn.Module) -> Iterator[None]:
    """Measure, by gradient, how much a pixel sees and around which place."""
    pool5 = torch.rand(1, CHANNELS, *_MAP, requires_grad=True)
    reply = ask(head, pool5, _IMAGE)
    shape_should_be(reply, (1, NUM_CLASSES, *_IMAGE), "size is (H, W): height first.")
    hint = (
        "The size is right, but the scores lie elsewhere: print the size of the map "
        "after each layer. One that shrinks is stretched in the end."
    )
    bottom, right = (n - RIM - 1 for n in _IMAGE)
    for row, column in ((RIM, RIM), (bottom, right)):
        field = _field_of(reply, row, column)
        profiles = [field.sum(dim=1), field.sum(dim=0)]
        cells = [int((profile > 0).sum()) for profile in profiles]
        centers = [(p * torch.arange(len(p))).sum() / p.sum() for p in profiles]
        seen = (torch.stack(centers) + 0.5) * _STRIDE - 0.5
        far = (seen - torch.tensor([row, column])).abs().max() > _STRIDE / 2
        if far and max(cells) <= 8:
            got = f"got [{row}, {column}] looking around {seen.round().int().tolist()}"
            reply.refuse(f"should look around each pixel, {got}", hint)
        if not all(n in (7, 8) for n in cells):
            problem = f"should see 7 or 8 cells a side from a pixel, got {cells}"
            reply.refuse(problem, "7 are fc6's; bilinear enlargement adds a neighbor.")
        yield


def _values_are_right_in_the_middle(
    head: nn.Module, layers: list[nn.Conv2d]
) -> Iterator[None]:
    """Compare where every padding gives the same values."""
    pool5 = torch.randn(1, CHANNELS, *_MAP)
    middle = (..., slice(RIM, -RIM, 9), slice(RIM, -RIM, 9))
    expected = references.head(layers, pool5, _IMAGE)[middle]
    reply = ask(head, pool5, _IMAGE)
    call, value = f"the middle of {reply.call}", reply.value[middle]
    if difference(value, expected, TOLERANCE) is not None:
        hint = "fc6, ReLU, fc7, ReLU, score, then one bilinear enlargement."
        mistakes = {  # made only now: wide layers take their time
            better_hint: references.head(layers, pool5, _IMAGE, **options)[middle]
            for better_hint, options in _MISTAKES.items()
        }
        reply = replace(reply, call=call, value=value)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
    yield


def _border_is_alive(head: nn.Module) -> Iterator[None]:
    """Ask for other sizes, and which cells the pixels in the corners see."""
    for small, size, hint in SIZES:
        pool5 = torch.rand(2, CHANNELS, *small, requires_grad=True)
        reply = ask(head, pool5, size, hint=hint)
        shape_should_be(reply, (2, NUM_CLASSES, *size), hint)
        yield
    hint = "Add the border before fc6, to pool5, not afterwards to the scores."
    for corner in (0, -1):
        field = _field_of(reply, corner, corner).flip([0, 1] if corner else [])
        cells = 1 + int(field.nonzero().max()) if field[0, 0] > 0 else 0
        if not 1 <= cells <= 5:
            problem = f"should see up to 4 cells from [{corner}, {corner}], got {cells}"
            reply.refuse(problem, hint)
    yield


@exercise("1.5")
def check_head(Head: type[nn.Module]) -> Iterator[None]:
    """Check exercise 1.5: layers, registration, values, border, other sizes.

    Any padding of pool5 is right: zeros, replicate or reflect.
    """
    layers = _layers_of(head := make_head(Head))
    yield
    _average_everything(layers)
    yield from _pixels_see_their_surroundings(head)
    yield from _border_is_alive(head)
    draw_values(head)
    yield from _values_are_right_in_the_middle(head, layers)
    reply = ask(head, torch.rand(1, CHANNELS, 4, 4), (128, 128))
    gradient_should_reach(reply, dict(head.named_parameters()))
    yield
