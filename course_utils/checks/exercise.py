"""Make the check of an exercise out of its cases.

The cases are a generator. It takes the reader's function or class, yields after each
case that is right, and raises ``AnswerError`` at the first one that is wrong, with the
call, what it should return, what it returned, and a hint.
"""

import functools
import inspect
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_origin

import numpy as np
import torch

from course_utils.checks.answer import AnswerError, is_stub
from course_utils.checks.wording import describe

Cases = Callable[..., Iterator[None]]


def exercise(number: str) -> Callable[[Cases], Callable[..., None]]:
    """Turn the cases of an exercise into the function that the notebook calls.

    The check prints one line if all cases are right or the answer is still a stub. It
    leaves the notebook's random numbers as they were. A parameter annotated
    ``type[...]`` takes a class.

    Args:
        number: Number of the exercise, as in its stub: ``"1.1"``.
    """

    def decorate(cases: Cases) -> Callable[..., None]:
        @functools.wraps(cases)
        def check(*answers: Any) -> None:
            _refuse_what_is_no_answer(cases, answers)
            try:
                with _own_random_state(), torch.enable_grad():
                    count = sum(1 for _ in cases(*answers))
            except NotImplementedError as error:
                if not is_stub(error):
                    raise
                print(f"exercise {number} is still open")
            else:
                print(f"exercise {number}: all {count} cases are right.")

        check.exercise = number
        return check

    return decorate


def _refuse_what_is_no_answer(cases: Cases, answers: tuple[Any, ...]) -> None:
    parameters = inspect.signature(cases).parameters
    usage = f"{cases.__name__}({', '.join(parameters)})"
    if len(answers) != len(parameters):
        raise AnswerError(f"call {usage}, got {len(answers)} arguments")
    for parameter, answer in zip(parameters.values(), answers, strict=True):
        wants_class = get_origin(parameter.annotation) is type
        if wants_class and not isinstance(answer, type):
            wanted = "the class itself, not an object made from it"
        elif not callable(answer):
            wanted = "the function itself, not what it returns"
        else:
            continue
        got = "None" if answer is None else describe(answer)
        raise AnswerError(f"call {usage} with {wanted}, got {got}")


@contextmanager
def _own_random_state() -> Iterator[None]:
    """Seed torch for a check, and restore every global generator afterwards."""
    states = random.getstate(), np.random.get_state()  # noqa: NPY002
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        try:
            yield
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])  # noqa: NPY002
