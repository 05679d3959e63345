"""Mean field: all pixels ask all others, and change their minds at once, repeatedly."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor


def mean_field_step(
    probs: Tensor, unary: Tensor, kernels: Sequence[Any], weights: Sequence[float]
) -> Tensor:
    """Update every pixel once. Built in notebook 05 (exercise 5.5).

    Each class of a pixel gains what its neighbors give that class; then the classes of
    a pixel share out 1 again. So no class is ever updated alone.

    Args:
        probs: of the step before, (N, C).
        unary: energies, nats, (N, C).
        kernels: see the topic's docstring; used as they are given.
        weights: of the kernels, nats, at least 0 (the Potts model).

    Returns:
        The new probabilities, (N, C).

    Source:
        Krähenbühl and Koltun, 2011, arXiv:1210.5644, algorithm 1.
    """
    logits = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        logits = logits + weight * (kernel @ probs)
    return logits.softmax(dim=1)


def mean_field(
    unary: Tensor,
    kernels: Sequence[Any],
    weights: Sequence[float],
    *,
    iterations: int = 10,
) -> Tensor:
    """Take ``iterations`` steps from what each pixel believes by itself.

    The arguments are those of ``mean_field_step``.

    Returns:
        The marginals after the last step, (N, C).
    """
    probs = (-unary).softmax(dim=1)
    for _ in range(iterations):
        probs = mean_field_step(probs, unary, kernels, weights)
    return probs
