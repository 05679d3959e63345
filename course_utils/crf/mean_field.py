"""Mean field: all pixels are updated at once, again and again, from all others."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from course_utils.arguments import Rule, checked, each, number, tensor, whole

_MAP = tensor("N C", "float", finite=True)
_KERNEL = Rule("a kernel, which takes @", lambda value: hasattr(value, "__matmul__"))
_RULES = {
    "unary": _MAP,
    "kernels": each(_KERNEL, least=0),
    "weights": each(number(0), least=0),
}


@checked(probs=_MAP, **_RULES)
def mean_field_step(
    probs: Tensor, unary: Tensor, kernels: Sequence[Any], weights: Sequence[float]
) -> Tensor:
    """Update every pixel once. Built in notebook 05 (exercise 5.5).

    Each class of a pixel gains what the other pixels pass to it, weighted by the
    kernels; a softmax then makes the classes sum to 1 again.

    Args:
        probs: Probabilities after the previous step, (N, C).
        unary: Energies, nats, (N, C).
        kernels: Kernels as described in ``course_utils.crf``; used as they are.
        weights: Weights of the kernels, nats, at least 0 (the Potts model).

    Returns:
        The new probabilities, (N, C).

    Source:
        Krähenbühl and Koltun, 2011, arXiv:1210.5644, algorithm 1.
    """
    if probs.shape != unary.shape:
        raise ValueError(
            "probs and unary must have the same shape, got "
            f"{tuple(probs.shape)} and {tuple(unary.shape)}"
        )
    _check_numbers(kernels, weights)
    return _step(probs, unary, kernels, weights)


def _step(
    probs: Tensor, unary: Tensor, kernels: Sequence[Any], weights: Sequence[float]
) -> Tensor:
    logits = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        logits = logits + weight * (kernel @ probs)
    return logits.softmax(dim=1)


def _check_numbers(kernels: Sequence[Any], weights: Sequence[float]) -> None:
    if len(kernels) != len(weights):
        raise ValueError(
            "kernels and weights must be equally many, got "
            f"{len(kernels)} and {len(weights)}"
        )


@checked(**_RULES, iterations=whole(0))
def mean_field(
    unary: Tensor,
    kernels: Sequence[Any],
    weights: Sequence[float],
    *,
    iterations: int = 10,
) -> Tensor:
    """Take ``iterations`` steps, starting from the unary energies alone.

    The arguments are those of ``mean_field_step``.

    Returns:
        The marginals after the last step, (N, C).
    """
    _check_numbers(kernels, weights)
    probs = (-unary).softmax(dim=1)
    for _ in range(iterations):
        probs = _step(probs, unary, kernels, weights)
    return probs
