"""Check exercise 2.1 of notebook 02, unpooling."""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise

UNPOOLINGS = [  # (N, C), (H, W), does the pool round up, hint
    ((1, 1), (4, 4), True, "Each value goes to the cell its index counts to."),
    ((1, 1), (6, 4), True, "An index counts along rows of W cells, not of H."),
    ((1, 3), (4, 4), True, "Every channel has indices of its own, from 0 on."),
    ((2, 2), (4, 6), True, "Every image has indices of its own, from 0 on."),
    ((1, 1), (7, 7), True, "7 rows are pooled to 4, and 2·4 is not 7: rows have W."),
    ((1, 2), (5, 8), True, "Take H and W from output_size, each for itself."),
    ((1, 1), (5, 5), False, "The pool may leave a last row and column out."),
    ((2, 3), (45, 61), True, "Take H and W from output_size, each for itself."),
]


def pool(
    shape: tuple[int, int], size: tuple[int, int], *, ceil_mode: bool = True
) -> tuple[Tensor, Tensor]:
    """Pool noise of both signs; return the maxima and their indices."""
    return F.max_pool2d(
        torch.randn(*shape, *size), 2, ceil_mode=ceil_mode, return_indices=True
    )


def unpool_mistakes(
    pooled: Tensor, indices: Tensor, size: tuple[int, int]
) -> dict[str, Tensor]:
    """Make the typical wrong maps out of the right arguments."""
    (h, w), (height, width) = pooled.shape[-2:], size
    at_corners = torch.zeros(*pooled.shape[:2], 2 * h, 2 * w)
    at_corners[..., ::2, ::2] = pooled
    copies = pooled.repeat_interleave(2, -2).repeat_interleave(2, -1)
    of_the_first = indices[:1, :1].expand_as(indices)
    columns_first = place(pooled, indices, (width, height)).transpose(-2, -1)
    mistakes = {
        "That is the top left of every window: the indices are not used.": at_corners,
        "That copies every value four times; the other three cells are 0.": copies,
        "Every channel has indices of its own.": place(pooled, of_the_first, size),
        "Rows are W cells long, not twice the pooled width.": place(
            pooled, indices, (2 * h, 2 * w)
        ),
        "An index counts along rows, not down the columns.": columns_first,
    }
    right = place(pooled, indices, size)
    mistakes = {hint: m[..., :height, :width] for hint, m in mistakes.items()}
    return {hint: m for hint, m in mistakes.items() if not m.equal(right)}


def place(pooled: Tensor, indices: Tensor, size: tuple[int, int]) -> Tensor:
    """Put values at flat indices of a map of any size; what is outside is lost."""
    length = max(size[0] * size[1], int(indices.max()) + 1)
    flat = torch.zeros(*pooled.shape[:2], length, dtype=pooled.dtype)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat[..., : size[0] * size[1]].unflatten(2, size)


@exercise("2.1")
def check_unpool(unpool: Callable[..., Tensor]) -> Iterator[None]:
    """Check exercise 2.1: values, sizes, dtype, gradient, and that it is your own.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for shape, size, ceil_mode, hint in UNPOOLINGS:
        pooled, indices = pool(shape, size, ceil_mode=ceil_mode)
        expected = F.max_unpool2d(pooled, indices, 2, output_size=size)
        reply = ask(unpool, pooled, indices, size, hint=hint)
        mistakes = unpool_mistakes(pooled, indices, size)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=0)
        yield
    hint = "The new map has the dtype of pooled: pooled.new_zeros(...) or zeros_like."
    pooled, indices = pool((1, 1), (4, 4))
    expected = F.max_unpool2d(pooled.double(), indices, 2, output_size=(4, 4))
    ask(unpool, pooled.double(), indices, (4, 4), hint=hint).should_be(expected, hint)
    yield
    hint = "The layers below learn through it: no detach, no_grad, numpy or item()."
    reply = ask(unpool, pooled.requires_grad_(), indices, (4, 4), hint=hint)
    (grad,) = reply.should_carry_gradient(hint)
    gradient = Reply(f"the gradient of {reply.call}", (), grad)
    gradient.should_be(torch.ones_like(pooled), "Each value is placed exactly once.")
    yield
    yield from runs_without_torchs(unpool)


def runs_without_torchs(unpool: Callable[..., Tensor]) -> Iterator[None]:
    """Ask for deterministic algorithms, which torch's own unpooling has not."""
    pooled, indices = pool((1, 1), (4, 4))
    before = torch.are_deterministic_algorithms_enabled()
    warns = torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        hint = "F.max_unpool2d is what you are to write: scatter values by index."
        ask(unpool, pooled, indices, (4, 4), hint=hint)
    finally:
        torch.use_deterministic_algorithms(before, warn_only=warns)
    yield
