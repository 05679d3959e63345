"""Ask a reader's answer and say what is wrong with it, without a traceback."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import torch
from torch import Tensor, nn

from course_utils.checks.wording import describe_call, describe_error, difference


class AnswerError(AssertionError):
    """The answer is not right yet; a notebook shows the message, no traceback."""

    def _render_traceback_(self) -> list[str]:  # IPython looks for this name
        return [f"Not yet: {self}"]


def is_stub(error: NotImplementedError) -> bool:
    """Tell an unsolved stub from an operation that torch has not implemented."""
    return not error.args or str(error).startswith("exercise")


@dataclass(frozen=True)
class Reply:
    """What came back from one call of the reader's answer.

    Attributes:
        call: Call as the reader would write it.
        args: Arguments, the copies that the answer was given.
        value: Value that came back.
    """

    call: str
    args: tuple[Any, ...]
    value: Any

    def should_be(
        self,
        expected: Any,
        hint: str,
        *,
        mistakes: Mapping[str, Any] | None = None,
        tolerance: float = 1e-5,
    ) -> None:
        """Compare the value: type, shape, dtype, device, nan, numbers.

        Args:
            expected: Number, tuple of numbers or tensor.
            hint: Advice if the value differs.
            mistakes: Better hints, each with the wrong value that it explains.
            tolerance: Largest difference of two floats, relative or absolute.

        Raises:
            AnswerError: The value differs.
        """
        problem = difference(self.value, expected, tolerance)
        if problem is None:
            return
        for better_hint, wrong in (mistakes or {}).items():
            if difference(self.value, wrong, tolerance) is None:
                hint = better_hint
                break
        self.refuse(problem, hint)

    def should_carry_gradient(self, hint: str) -> list[Tensor]:
        """Return the gradient of the value's sum for each argument that requires one.

        Raises:
            AnswerError: The value, or one of these arguments, has no gradient.
        """
        wanted = [a for a in self.args if isinstance(a, Tensor) and a.requires_grad]
        if not isinstance(self.value, Tensor) or not self.value.requires_grad:
            self.refuse("should carry a gradient, got a value without one", hint)
        grads = torch.autograd.grad(self.value.sum(), wanted, allow_unused=True)
        for arg, grad in zip(wanted, grads, strict=True):
            if grad is None:
                position = 1 + next(i for i, a in enumerate(self.args) if a is arg)
                problem = f"should carry a gradient to its argument {position}"
                self.refuse(f"{problem}, got none", hint)
        return list(grads)

    def refuse(self, problem: str, hint: str) -> NoReturn:
        """Raise the error that says what is wrong with this call."""
        end = "" if problem.endswith("\n") else ". "
        raise AnswerError(f"{self.call} {problem}{end}{hint}".rstrip()) from None


def ask(
    answer: Callable[..., Any], *args: Any, hint: str = "", **options: Any
) -> Reply:
    """Call the reader's answer with copies of the arguments.

    Args:
        answer: Function or class of the reader, or a module made from that class.
        args: Positional arguments of the call.
        hint: Advice if the call raises.
        options: Keyword arguments of the call.

    Raises:
        AnswerError: The call raised, or changed one of its arguments in place.
        NotImplementedError: The answer is still a stub.
    """
    call, given = describe_call(answer, args, options), _copy(args)
    try:
        value = answer(*given, **_copy(options))
    except Exception as error:
        if isinstance(error, NotImplementedError) and is_stub(error):
            raise
        problem = f"raised {describe_error(error)}"
        raise AnswerError(f"{call} {problem}. {hint}".rstrip()) from None
    for position, (before, after) in enumerate(zip(args, given, strict=True), start=1):
        if not _same(before, after):
            problem = f"changed its argument {position} in place"
            raise AnswerError(f"{call} {problem}. Work on a new tensor or list.")
    return Reply(call, given, value)


def _copy(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, list):
        return [_copy(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_copy(item) for item in value)
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return value


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, Tensor):
        return difference(after, before, tolerance=0) is None
    if isinstance(before, list | tuple):
        pairs = zip(before, after, strict=False)
        return len(before) == len(after) and all(_same(*pair) for pair in pairs)
    return isinstance(before, nn.Module) or before == after
