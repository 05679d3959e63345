"""Check the exercises of notebook 05 on the dense CRF."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from course_utils.checks import references_deeplab as references
from course_utils.checks.answer import Reply, ask
from course_utils.checks.crf_mistakes import (
    energy_mistakes,
    kernel_mistakes,
    step_mistakes,
)
from course_utils.checks.exercise import exercise

LEAST, MOST = 9.0, 110.0  # energies of a probability of 0 that are sensible, nats
TOLERANCE = 2e-4  # torch.cdist may take a quick way that is less exact


@exercise("5.3")
def check_unary_energy(unary_energy: Callable[[Tensor], Tensor]) -> Iterator[None]:
    """Check exercise 5.3: values, zero, shapes, gradient.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    hint = "-log p, number by number."
    for probs in (
        torch.tensor([0.5, 0.25, 0.25]),
        torch.tensor([[0.9, 0.07, 0.03], [0.2, 0.3, 0.5]]),
        torch.rand(3, 4, 5).softmax(dim=0),
        torch.tensor([0.998, 0.001, 0.001], dtype=torch.float64),
    ):
        reply = ask(unary_energy, probs, hint=hint)
        mistakes = energy_mistakes(probs)
        reply.should_be(-probs.log(), hint, mistakes=mistakes, tolerance=0.02)
        yield
    zeros = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    hint = "Raise p to a least value, such as 1e-5, before the logarithm."
    reply = ask(unary_energy, zeros, hint=hint)
    energies_of_zero_are_high(reply, hint)
    yield
    hint = "The energy is differentiable: no detach, no_grad, data or numpy."
    probs = torch.tensor([0.5, 0.3, 0.2], requires_grad=True)
    (grad,) = ask(unary_energy, probs, hint=hint).should_carry_gradient(hint)
    Reply("the gradient of unary_energy", (), grad).should_be(
        -1 / probs.detach(), "Of -log p it is -1/p.", tolerance=0.02
    )
    yield


def energies_of_zero_are_high(reply: Reply, hint: str) -> None:
    """Refuse energies of p = 0 that are infinite, or too low to matter."""
    value = reply.value.to("meta") if isinstance(reply.value, Tensor) else reply.value
    replace(reply, value=value).should_be(torch.empty(2, 2, device="meta"), hint)
    low, high = reply.value[0, 0].item(), reply.value[0, 1].item()
    if not math.isfinite(high):
        reply.refuse(f"should be finite at p = 0, got {high}", hint)
    if not LEAST <= high <= MOST:
        wanted = f"should be between {LEAST:.0f} and {MOST:.0f} nats at p = 0"
        hint = "A least value of 1e-4 or less still says that a label is unlikely."
        reply.refuse(f"{wanted}, got {high:.3g}", hint)
    if abs(low) > 1e-3:
        hint = "Of what is certain, p = 1, the energy is 0."
        reply.refuse(f"should be 0 at p = 1, got {low:.3g}", hint)


@exercise("5.4")
def check_pairwise_kernel(
    pairwise_kernel: Callable[[Tensor, Tensor], Tensor],
) -> Iterator[None]:
    """Check exercise 5.4, from two pixels on a line to positions and colors.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
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
        mistakes = kernel_mistakes(features, std)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
        yield
    hint = "Colors may have to be learned from: no detach, no_grad, data or numpy."
    features, std = torch.rand(4, 2, requires_grad=True), torch.ones(2)
    grads = ask(pairwise_kernel, features, std, hint=hint).should_carry_gradient(hint)
    if not grads[0].isfinite().all():
        reply = Reply("the gradient of pairwise_kernel", (), grads[0])
        reply.refuse("should hold no nan, got some", "The root of 0 has no slope.")
    yield


@exercise("5.5")
def check_mean_field_step(mean_field_step: Callable[..., Tensor]) -> Iterator[None]:
    """Check exercise 5.5, from no kernel to two of them on a small image.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for probs, unary, kernels, weights, hint in step_cases():
        reply = ask(mean_field_step, probs, unary, kernels, weights, hint=hint)
        expected = references.mean_field_step(probs, unary, kernels, weights)
        mistakes = step_mistakes(probs, unary, kernels, weights)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=TOLERANCE)
        yield
    hint = "Whoever trains through a CRF needs it: no detach, no_grad, data or numpy."
    probs = torch.rand(3, 2).softmax(dim=1).requires_grad_()
    unary = torch.rand(3, 2, requires_grad=True)
    kernels = [torch.rand(3, 3)]
    reply = ask(mean_field_step, probs, unary, kernels, [1.0], hint=hint)
    reply.should_carry_gradient(hint)
    yield


def step_cases() -> Iterator[tuple[Any, ...]]:
    """Yield probs, unary, kernels, weights and a hint."""
    probs = torch.tensor([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    unary = torch.tensor([[0.1, 2.0], [1.5, 0.3], [0.7, 0.7]])
    yield probs, unary, [], [], "Without kernels, each pixel asks itself alone."
    pair = torch.tensor([[0.0, 1.0, 0.5], [1.0, 0, 0], [0.5, 0, 0]])
    hint = "softmax over the classes of -unary + w K probs."
    yield probs, unary, [pair], [1.0], hint
    yield probs, unary, [pair], [0.0], "A kernel of weight 0 says nothing."
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
