"""Check the exercises of notebook 05 on DeepLab v1; the CRF's are in ``dense_crf``."""

import random
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from course_utils.checks import references_deeplab as references
from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.wording import describe

PADDINGS = [  # kernel_size and dilation, padding, hint
    ((3, 1), 1, "A kernel of 3 sticks out by one cell on each side."),
    ((5, 1), 2, "A kernel of 5 sticks out by two cells on each side."),
    ((1, 1), 0, "A kernel of 1 sticks out nowhere."),
    ((3, 2), 2, "With dilation 2 the outer taps are two cells away."),
    ((3, 12), 12, "With dilation 12 the outer taps are twelve cells away: LargeFOV."),
    ((1, 12), 0, "A kernel of 1 has no gaps, whatever its dilation."),
    ((7, 4), 12, "A kernel of 7 with dilation 4 spans 25 cells."),
    ((4, 4), 6, "A kernel of 4 with dilation 4 spans 13 cells, 6 on either side."),
    ((4, 8), 12, "A kernel of 4 with dilation 8 spans 25 cells."),
]
IN_CHANNELS, NUM_CLASSES = 5, 3
SIZES = [(41, 41), (9, 14), (1, 1), (3, 30)]  # of maps, cells
TOLERANCE = 1e-4  # sums over many channels
MISTAKES = {  # hint, how it is made
    "ReLU is missing after the first layer.": {"relus": (False, True, False)},
    "ReLU is missing after the second layer.": {"relus": (True, False, False)},
    "ReLU is missing between the layers.": {"relus": (False, False, False)},
    "No ReLU at the end: logits have both signs.": {"relus": (True, True, True)},
    "dilation is the distance between the taps of fc6, an argument.": {"dilation": 1},
    "dilation is an argument: 12 is only its default.": {"dilation": 12},
}
SIZE_HINT = (
    "How much must fc6 be padded with this dilation, and a 1x1 layer at all? Print the "
    "size after each layer."
)


@exercise("5.1")
def check_same_padding(same_padding: Callable[[int, int], int]) -> Iterator[None]:
    """Check exercise 5.1, from a plain kernel to those of the paper.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for args, expected, hint in PADDINGS:
        ask(same_padding, *args, hint=hint).should_be(expected, hint)
        yield
    numbers = random.Random(0)
    hint = "How far from the middle is the outermost tap?"
    for _ in range(12):
        args = (2 * numbers.randint(0, 5) + 1, numbers.randint(1, 24))
        reply = ask(same_padding, *args, hint=hint)
        reply.should_be(references.same_padding(*args), hint)
        yield


def make_head(Head: type[nn.Module], *args: int, **options: int) -> nn.Module:
    """Make a head and refuse what is no module."""
    hint = "LargeFOVHead(in_channels, num_classes, hidden_channels=1024, dilation=12)."
    reply = ask(Head, *args, hint=hint, **options)
    if not isinstance(reply.value, nn.Module):
        reply.refuse(f"should be a module, got {describe(reply.value)}", hint)
    return reply.value


def convolutions_of(
    head: nn.Module, call: str, shapes: list[tuple[int, ...]]
) -> list[nn.Conv2d]:
    """Find the three convolutions and compare the shapes of their weights."""
    convs = [m for m in head.modules() if isinstance(m, nn.Conv2d)]
    reply = Reply(call, (), head)
    hint = "A 3x3 convolution that is dilated, then two of 1x1, none of them in groups."
    if len(convs) != 3:
        reply.refuse(f"should have three nn.Conv2d, got {len(convs)}", hint)
    found = [tuple(conv.weight.shape) for conv in convs]
    if found != shapes:
        hint = "hidden_channels stand between the layers, with a 3x3 kernel only first."
        reply.refuse(f"should have weights shaped {shapes}, got {found}", hint)
    count = sum(p.numel() for p in head.parameters())
    wanted = sum(conv.weight.numel() + conv.out_channels for conv in convs)
    if count != wanted:
        hint = "Each convolution has a bias, and there is no other layer that learns."
        reply.refuse(f"should have {wanted:,} parameters, got {count:,}", hint)
    return convs


def weights_are_those_of_the_paper(Head: type[nn.Module]) -> Iterator[None]:
    """Look at the shapes with the default width, and with another one."""
    for options in ({}, {"hidden_channels": 7, "dilation": 2}):
        head = make_head(Head, IN_CHANNELS, NUM_CLASSES, **options)
        ask(head.eval(), torch.rand(1, IN_CHANNELS, 3, 4), hint=SIZE_HINT)
        width = options.get("hidden_channels", 1024)
        shapes = [(width, IN_CHANNELS, 3, 3), (width, width, 1, 1)]
        shapes.append((NUM_CLASSES, width, 1, 1))
        call = f"LargeFOVHead({IN_CHANNELS}, {NUM_CLASSES}, {options})"
        convolutions_of(head, call, shapes)
        yield


def size_is_kept(Head: type[nn.Module]) -> Iterator[None]:
    """Ask for maps of several sizes and with several dilations."""
    for dilation in (1, 12, 4):  # cells
        head = make_head(Head, IN_CHANNELS, NUM_CLASSES, 6, dilation).eval()
        for size in SIZES:
            reply = ask(head, torch.randn(2, IN_CHANNELS, *size), hint=SIZE_HINT)
            if not isinstance(reply.value, Tensor):
                problem = f"should be a tensor, got {describe(reply.value)}"
                reply.refuse(problem, SIZE_HINT)
            got, wanted = tuple(reply.value.shape), (2, NUM_CLASSES, *size)
            if got != wanted:
                reply.refuse(f"should have shape {wanted}, got {got}", SIZE_HINT)
        yield


def values_are_right(Head: type[nn.Module]) -> Iterator[None]:
    """Compare with the same weights, shifted and summed by hand."""
    right = {"dilation": 4}
    head = make_head(Head, IN_CHANNELS, NUM_CLASSES, 8, **right).eval()
    for parameter in head.parameters():
        nn.init.normal_(parameter, std=0.4)
    convs = [m for m in head.modules() if isinstance(m, nn.Conv2d)]
    x = torch.randn(2, IN_CHANNELS, 15, 13)
    hint = "3x3 dilated, ReLU, 1x1, ReLU, 1x1; no softmax, and no enlargement."
    with torch.no_grad():
        mistakes = {
            better: references.large_fov_head(convs, x, **right | options)
            for better, options in MISTAKES.items()
        }
        expected = references.large_fov_head(convs, x, **right)
    reply = ask(head, x, hint=hint)
    reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
    yield


def dropout_is_element_wise(Head: type[nn.Module]) -> Iterator[None]:
    """Look, in training, whether neighboring cells are dropped independently."""
    head = make_head(Head, IN_CHANNELS, NUM_CLASSES, 16, 1)
    for parameter in head.parameters():
        nn.init.constant_(parameter, 0.1)
    x = torch.ones(1, IN_CHANNELS, 12, 12)
    reply = ask(head.train(), x)
    inside = reply.value[0, 0, 1:-1, 1:-1].detach()  # equal cells, but for dropout
    if torch.equal(ask(head, x).value, reply.value):
        reply.refuse("should be random in training, got the same twice", "Dropout.")
    if inside.std() < 1e-6:
        hint = "nn.Dropout2d drops whole channels; the paper drops single numbers."
        reply.refuse("should differ from cell to cell, got equal cells", hint)
    head.eval()
    if not torch.equal(ask(head, x).value, ask(head, x).value):
        reply.refuse("should not be random after eval()", "Use nn.Dropout, a module.")
    yield


def everything_learns(Head: type[nn.Module]) -> Iterator[None]:
    """Look for parameters, and an input, that no loss can move."""
    head = make_head(Head, IN_CHANNELS, NUM_CLASSES, 6, 2).eval()
    hint = "Each layer learns: no detach, no_grad or frozen layer, none unused."
    x = torch.rand(1, IN_CHANNELS, 7, 7, requires_grad=True)
    ask(head, x, hint=hint).should_carry_gradient(hint)
    reply = ask(head, x)
    names = dict(head.named_parameters())
    learning = {n: p for n, p in names.items() if p.requires_grad}
    loss = reply.value.square().sum()
    grads = torch.autograd.grad(loss, learning.values(), allow_unused=True)
    moved = {n for n, g in zip(learning, grads, strict=True) if g is not None}
    for name in names:
        if name not in moved:
            reply.refuse(f"should carry a gradient to {name}, got none", hint)
    yield


@exercise("5.2")
def check_large_fov_head(LargeFOVHead: type[nn.Module]) -> Iterator[None]:
    """Check exercise 5.2: shapes, size, gradients, values, dropout.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    yield from weights_are_those_of_the_paper(LargeFOVHead)
    yield from size_is_kept(LargeFOVHead)
    yield from everything_learns(LargeFOVHead)
    yield from values_are_right(LargeFOVHead)
    yield from dropout_is_element_wise(LargeFOVHead)
