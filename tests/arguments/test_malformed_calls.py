"""What no public function can take is refused in words, at once.

The calls are in ``tests/malformed_calls``. A public name that they lack fails a test.
"""

import contextlib
import importlib
import inspect
import signal
from pathlib import Path

import pytest
import torch
from malformed_calls import (
    comparisons,
    data_and_plots,
    metrics_and_crf,
    models,
    training_and_analysis,
)
from malformed_calls.values import Nothing

from course_utils import checks

PACKAGE = Path(checks.__file__).parents[1]
TABLES = (
    metrics_and_crf,
    models,
    training_and_analysis,
    data_and_plots,
    comparisons,
)
GOOD = {name: call for table in TABLES for name, call in table.GOOD.items()}
CALLS = GOOD | comparisons.ONLY_BAD
BAD = [
    (name, changed, words)
    for table in TABLES
    for name, rows in table.BAD.items()
    for changed, words in rows
]
ANSWERS = [
    (name, check, given, words)
    for name in checks.__all__
    if name != "AnswerError"  # says itself what is wrong with an answer
    for check, given, *words in comparisons.not_the_answer(name)
]
OPEN = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)


def public_names():
    """Functions and classes of every package's ``__all__`` and every public module."""
    for path in sorted(PACKAGE.rglob("__init__.py")):
        module = importlib.import_module(
            ".".join(["course_utils", *path.relative_to(PACKAGE).parts[:-1]])
        )
        for name in getattr(module, "__all__", ()):
            if callable(getattr(module, name)):
                yield f"{module.__name__.removeprefix('course_utils.')}.{name}"
    for room in ("labels", "files", "settings"):
        module = importlib.import_module(f"course_utils.{room}")
        for name, value in vars(module).items():
            is_own = getattr(value, "__module__", "") == module.__name__
            if is_own and callable(value) and not name.startswith("_"):
                yield f"{room}.{name}"


@contextlib.contextmanager
def at_once():
    """End a call that hangs."""

    def stop(*_):
        raise TimeoutError("the call did not return")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(30)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def this_run(monkeypatch):
    for name in ("RUN", "DATA", "RESULTS", "SEED"):
        monkeypatch.delenv(f"COURSE_{name}", raising=False)
    monkeypatch.setenv("COURSE_WEIGHTS", "none")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def test_every_public_name_is_in_the_table():
    names = {f"checks.{name}" for name, *_ in ANSWERS} | {name for name, *_ in BAD}
    public = {
        name.replace("analysis.interventions.", "analysis.") for name in public_names()
    }
    assert public - names == {"checks.AnswerError"}  # whose arguments are a message
    assert {name for name, *_ in BAD} == CALLS.keys()
    assert len(BAD) + len(ANSWERS) >= 300


@pytest.mark.parametrize("name", GOOD)
def test_the_call_works_before_anything_is_changed(name):
    function, arguments = GOOD[name]
    torch.manual_seed(0)
    with at_once():
        function(**arguments)


@pytest.mark.parametrize(
    ("name", "changed", "words"),
    BAD,
    ids=[f"{name}-{'-'.join(changed)}-{k}" for k, (name, changed, _) in enumerate(BAD)],
)
def test_a_malformed_call_says_what_must_hold(name, changed, words):
    function, arguments = CALLS[name]
    kinds = (TypeError, ValueError, RuntimeError, FileNotFoundError)
    with at_once(), pytest.raises(kinds) as raised:
        function(**{**arguments, **changed})
    assert words in str(raised.value)


def parameters():
    """Yield every argument of every public function."""
    for name, (function, arguments) in CALLS.items():
        names = inspect.signature(function).parameters
        if isinstance(function, torch.nn.Module):
            names = inspect.signature(function.forward).parameters
        options = [n for n, p in names.items() if p.kind not in OPEN]
        for argument in {**dict.fromkeys(options), **arguments}:
            yield name, argument


@pytest.mark.parametrize(("name", "argument"), list(parameters()))
def test_an_object_that_fits_nowhere_is_refused_by_the_name_of_its_argument(
    name, argument
):
    function, arguments = CALLS[name]
    with at_once(), pytest.raises((TypeError, ValueError)) as raised:
        function(**{**arguments, argument: Nothing()})
    assert "must " in str(raised.value)
    assert argument in str(raised.value)


@pytest.mark.parametrize(("name", "check", "given", "words"), ANSWERS)
def test_what_is_no_answer_is_refused(name, check, given, words):
    with at_once(), pytest.raises(checks.AnswerError) as raised:
        check(*given)
    assert all(part in str(raised.value) for part in words)
