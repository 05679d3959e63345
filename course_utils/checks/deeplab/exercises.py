"""Check the exercises of notebook 05: DeepLab v1's head, and the dense CRF."""

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.deeplab import references
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    make_module,
    parameters_should_learn,
    shape_should_be,
)

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


@exercise("5.1")
def check_same_padding(same_padding: Callable[[int, int], int]) -> Iterator[None]:
    """Check exercise 5.1, from a plain kernel to those of the paper."""
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


_IN_CHANNELS, NUM_CLASSES = 5, 3
_HEAD_SIZES = [(41, 41), (9, 14), (1, 1), (3, 30)]  # H and W of maps, cells
_HEAD_TOLERANCE = 1e-4  # sums over many channels
_HEAD_MISTAKES = {  # hint, how it is made
    "ReLU is missing after the first layer.": {"relus": (False, True, False)},
    "ReLU is missing after the second layer.": {"relus": (True, False, False)},
    "ReLU is missing between the layers.": {"relus": (False, False, False)},
    "No ReLU at the end: logits have both signs.": {"relus": (True, True, True)},
    "dilation is the distance between the taps of fc6, an argument.": {"dilation": 1},
    "dilation is an argument: 12 is only its default.": {"dilation": 12},
}
_SIZE_HINT = (
    "How much must fc6 be padded with this dilation, and a 1x1 layer at all? Print the "
    "size after each layer."
)


def make_head(Head: type[nn.Module], *sizes: int, **options: int) -> nn.Module:
    """Make a head of the width and the dilation that are asked for."""
    hint = "LargeFOVHead(in_channels, num_classes, hidden_channels=1024, dilation=12)."
    args = (_IN_CHANNELS, NUM_CLASSES, *sizes)
    return make_module(Head, *args, hint=hint, **options).value


def _convolutions_of(
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


def _weights_are_those_of_the_paper(Head: type[nn.Module]) -> Iterator[None]:
    """Look at the shapes with the default width, and with another one."""
    for options in ({}, {"hidden_channels": 7, "dilation": 2}):
        head = make_head(Head, **options)
        ask(head.eval(), torch.rand(1, _IN_CHANNELS, 3, 4), hint=_SIZE_HINT)
        width = options.get("hidden_channels", 1024)
        shapes = [(width, _IN_CHANNELS, 3, 3), (width, width, 1, 1)]
        shapes.append((NUM_CLASSES, width, 1, 1))
        call = f"LargeFOVHead({_IN_CHANNELS}, {NUM_CLASSES}, {options})"
        _convolutions_of(head, call, shapes)
        yield


def _size_is_kept(Head: type[nn.Module]) -> Iterator[None]:
    """Ask for maps of several sizes and with several dilations."""
    for dilation in (1, 12, 4):  # cells
        head = make_head(Head, 6, dilation).eval()
        for size in _HEAD_SIZES:
            reply = ask(head, torch.randn(2, _IN_CHANNELS, *size), hint=_SIZE_HINT)
            shape_should_be(reply, (2, NUM_CLASSES, *size), _SIZE_HINT)
        yield


def _head_values_are_right(Head: type[nn.Module]) -> Iterator[None]:
    """Compare with the same weights, shifted and summed by hand."""
    right = {"dilation": 4}
    head = make_head(Head, 8, **right).eval()
    for parameter in head.parameters():
        nn.init.normal_(parameter, std=0.4)
    convs = [m for m in head.modules() if isinstance(m, nn.Conv2d)]
    x = torch.randn(2, _IN_CHANNELS, 15, 13)
    hint = "3x3 dilated, ReLU, 1x1, ReLU, 1x1; no softmax, and no enlargement."
    with torch.no_grad():
        mistakes = {
            better: references.large_fov_head(convs, x, **right | options)
            for better, options in _HEAD_MISTAKES.items()
        }
        expected = references.large_fov_head(convs, x, **right)
    reply = ask(head, x, hint=hint)
    reply.should_be(expected, hint, mistakes=mistakes, tolerance=_HEAD_TOLERANCE)
    yield


def _dropout_is_element_wise(Head: type[nn.Module]) -> Iterator[None]:
    """Look, in training, whether neighboring cells are dropped independently."""
    head = make_head(Head, 16, 1)
    for parameter in head.parameters():
        nn.init.constant_(parameter, 0.1)
    x = torch.ones(1, _IN_CHANNELS, 12, 12)
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


@exercise("5.2")
def check_large_fov_head(LargeFOVHead: type[nn.Module]) -> Iterator[None]:
    """Check exercise 5.2: shapes, size, gradients, values, dropout."""
    yield from _weights_are_those_of_the_paper(LargeFOVHead)
    yield from _size_is_kept(LargeFOVHead)
    head = make_head(LargeFOVHead, 6, 2).eval()
    yield from parameters_should_learn(head, torch.rand(1, _IN_CHANNELS, 7, 7))
    yield from _head_values_are_right(LargeFOVHead)
    yield from _dropout_is_element_wise(LargeFOVHead)


_LEAST, _MOST = 9.0, 110.0  # nats, energies of a probability of 0 that make sense


@exercise("5.3")
def check_unary_energy(unary_energy: Callable[[Tensor], Tensor]) -> Iterator[None]:
    """Check exercise 5.3: values, zero, shapes, gradient."""
    hint = "-log p, number by number."
    for probs in (
        torch.tensor([0.5, 0.25, 0.25]),
        torch.tensor([[0.9, 0.07, 0.03], [0.2, 0.3, 0.5]]),
        torch.rand(3, 4, 5).softmax(dim=0),
        torch.tensor([0.998, 0.001, 0.001], dtype=torch.float64),
    ):
        reply = ask(unary_energy, probs, hint=hint)
        mistakes = references.energy_mistakes(probs)
        reply.should_be(-probs.log(), hint, mistakes=mistakes, tolerance=0.02)
        yield
    zeros = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    hint = "Raise p to a least value, such as 1e-5, before the logarithm."
    reply = ask(unary_energy, zeros, hint=hint)
    _energies_of_zero_are_high(reply, hint)
    yield
    hint = "The energy is differentiable: no detach, no_grad, data or numpy."
    probs = torch.tensor([0.5, 0.3, 0.2], requires_grad=True)
    (grad,) = ask(unary_energy, probs, hint=hint).should_carry_gradient(hint)
    Reply("the gradient of unary_energy", (), grad).should_be(
        -1 / probs.detach(), "The gradient of -log p is -1/p.", tolerance=0.02
    )
    yield


def _energies_of_zero_are_high(reply: Reply, hint: str) -> None:
    """Refuse energies of p = 0 that are infinite, or too low to matter."""
    shape_should_be(reply, (2, 2), hint)
    low, high = reply.value[0, 0].item(), reply.value[0, 1].item()
    if not math.isfinite(high):
        reply.refuse(f"should be finite at p = 0, got {high}", hint)
    if not _LEAST <= high <= _MOST:
        wanted = f"should be between {_LEAST:.0f} and {_MOST:.0f} nats at p = 0"
        hint = "A least value of 1e-4 or less still says that a label is unlikely."
        reply.refuse(f"{wanted}, got {high:.3g}", hint)
    if abs(low) > 1e-3:
        hint = "Where p = 1, the energy is 0."
        reply.refuse(f"should be 0 at p = 1, got {low:.3g}", hint)


_CRF_TOLERANCE = 2e-4  # torch.cdist may take a quick way that is less exact


@exercise("5.4")
def check_pairwise_kernel(
    pairwise_kernel: Callable[[Tensor, Tensor], Tensor],
) -> Iterator[None]:
    """Check exercise 5.4, from two pixels on a line to positions and colors."""
    line = torch.tensor([[0.0], [2.0], [3.0]])
    grid = torch.cartesian_prod(torch.arange(4.0), torch.arange(5.0))
    colors = 255 * torch.rand(20, 3)
    hint = "exp(-d²/2), d being the distance of two rows, in standard deviations."
    for features, std in (
        (line[:2], torch.tensor([3.0])),
        (line, torch.tensor([1.0])),
        (torch.tensor([[0.0, 0.0], [3.0, 40.0], [3.0, 0.0]]), torch.tensor([3.0, 20])),
        (grid, torch.tensor([1.5, 3.0])),
        (torch.cat([grid, colors], dim=1), torch.tensor([2.0, 4, 60, 50, 70])),
        (torch.cat([line, line, line], dim=1)[[0, 0, 1]], torch.tensor([1.0, 2, 3])),
    ):
        reply = ask(pairwise_kernel, features, std, hint=hint)
        expected = references.pairwise_kernel(features, std)
        mistakes = references.kernel_mistakes(features, std)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=_CRF_TOLERANCE)
        yield
    hint = "Gradients must reach the features: no detach, no_grad, data or numpy."
    features, std = torch.rand(4, 2, requires_grad=True), torch.ones(2)
    grads = ask(pairwise_kernel, features, std, hint=hint).should_carry_gradient(hint)
    if not grads[0].isfinite().all():
        reply = Reply("the gradient of pairwise_kernel", (), grads[0])
        reply.refuse(
            "should hold no nan, got some", "The square root has no gradient at 0."
        )
    yield


@exercise("5.5")
def check_mean_field_step(mean_field_step: Callable[..., Tensor]) -> Iterator[None]:
    """Check exercise 5.5, from no kernel to two of them on a small image."""
    for probs, unary, kernels, weights, hint in _step_cases():
        reply = ask(mean_field_step, probs, unary, kernels, weights, hint=hint)
        expected = references.mean_field_step(probs, unary, kernels, weights)
        mistakes = references.step_mistakes(probs, unary, kernels, weights)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=_CRF_TOLERANCE)
        yield
    hint = "Training through a CRF needs gradients: no detach, no_grad, data or numpy."
    probs = torch.rand(3, 2).softmax(dim=1).requires_grad_()
    unary = torch.rand(3, 2, requires_grad=True)
    kernels = [torch.rand(3, 3)]
    reply = ask(mean_field_step, probs, unary, kernels, [1.0], hint=hint)
    reply.should_carry_gradient(hint)
    yield


def _step_cases() -> Iterator[tuple[Any, ...]]:
    """Yield probs, unary, kernels, weights and a hint."""
    probs = torch.tensor([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    unary = torch.tensor([[0.1, 2.0], [1.5, 0.3], [0.7, 0.7]])
    yield probs, unary, [], [], "Without kernels, only the pixel's own energy counts."
    pair = torch.tensor([[0.0, 1.0, 0.5], [1.0, 0, 0], [0.5, 0, 0]])
    hint = "softmax over the classes of -unary + w K probs."
    yield probs, unary, [pair], [1.0], hint
    yield probs, unary, [pair], [0.0], "A kernel of weight 0 changes nothing."
    yield probs, unary, [pair], [3.0], hint
    one_way = torch.tensor([[0.0, 2.0, 0.0], [0, 0, 0.4], [0.3, 0, 0]])
    yield probs, unary, [one_way, pair], [0.7, 2.0], "Sum over all kernels."
    own = torch.eye(3) + pair
    yield probs, unary, [own], [1.5], "The kernel is used as given, diagonal included."
    many = torch.rand(12, 4).softmax(dim=1)
    energies, kernels = 3 * torch.rand(12, 4), [torch.rand(12, 12) for _ in range(2)]
    yield many, energies, kernels, [0.5, 0.2], hint
    hint = "exp overflows: torch.softmax takes care of that."
    yield many, 500 * energies, kernels, [300.0, 90.0], hint
