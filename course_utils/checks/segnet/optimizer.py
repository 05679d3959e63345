"""Check the exercise of notebook 03 on the optimizer, Muon."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from course_utils.checks.answer import ask
from course_utils.checks.exercise import exercise
from course_utils.checks.segnet import references

_SHAPES = [  # shape, steps (None: not given), hint
    ((4, 4), 0, "Without a step, the gradient is divided by its norm, no more."),
    ((4, 4), 1, "X becomes a · X + (b · A + c · A @ A) @ X, with A = X @ X.T."),
    ((3, 8), 2, "Each step starts from the X of the step before."),
    ((3, 8), None, "Five steps, if nothing else is asked for."),
    ((9, 2), 5, "Of more rows than columns, take the transpose, and turn it back."),
    ((6, 2, 3, 3), 5, "(out, in, k, k) is a matrix of out rows; give back its shape."),
    ((40, 2, 3, 3), 5, "40 outputs and 18 inputs: more rows than columns here, too."),
]


@exercise("3.5")
def check_orthogonalize(orthogonalize: Callable[..., Tensor]) -> Iterator[None]:
    """Check exercise 3.5, from one division to the weights of convolutions."""
    cases = [(torch.randn(shape), steps, hint) for shape, steps, hint in _SHAPES]
    hint = "Diagonal 3 and 4: divided by 5, then each goes its way by itself."
    cases.insert(1, (torch.diag(torch.tensor([3.0, 4.0])), 1, hint))
    small = torch.randn(5, 7)
    hint = "The size of a gradient has no effect, however small or large it is."
    cases += [(1e-9 * small, 5, hint), (1e6 * small, 5, hint)]
    hint = "A gradient of zeros stays zeros: nothing may be divided by 0."
    cases.append((torch.zeros(3, 4), 5, hint))
    cases.append((small.double(), 5, "float64 comes back as float64."))
    for gradient, steps, hint in cases:
        args = () if steps is None else (steps,)
        number = 5 if steps is None else steps
        reply = ask(orthogonalize, gradient, *args, hint=hint)
        expected = references.orthogonalize(gradient, number)
        mistakes = references.orthogonalizing_mistakes(gradient, number)
        reply.should_be(expected, hint, mistakes=mistakes, tolerance=1e-4)
        yield
