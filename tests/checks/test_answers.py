"""Every check accepts the right answers and rejects each mistake with its hint.

``answers/<exercise>.py`` holds RIGHT, sources by name, and MISTAKES: for each right
answer, the misconceptions and the edits that put them into its source. An answer is
what a reader writes in a cell: torch, nn, F and np are imported already.
"""

import importlib.util
import inspect
import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from answer_edits import Edits, Variant
from torch import nn

from course_utils import checks
from course_utils.checks import AnswerError

CHECKS = {
    name.removeprefix("check_"): getattr(checks, name)
    for name in checks.__all__
    if name.startswith("check_")
}
FILES = sorted((Path(__file__).parent / "answers").glob("*.py"))


def load(file):
    spec = importlib.util.spec_from_file_location(f"answers_{file.stem}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ANSWERS = {file.stem: load(file) for file in FILES}
RIGHT = [(exercise, name) for exercise in ANSWERS for name in ANSWERS[exercise].RIGHT]
MISTAKES = [
    (exercise, base, misconception)
    for exercise, answers in ANSWERS.items()
    for base, mistakes in answers.MISTAKES.items()
    for misconception in mistakes
]

each_right_answer = pytest.mark.parametrize(("exercise", "name"), RIGHT)
each_mistake = pytest.mark.parametrize(("exercise", "base", "misconception"), MISTAKES)


def right_source(exercise, name):
    answer = ANSWERS[exercise].RIGHT[name]
    if isinstance(answer, Variant):
        return answer.apply(right_source(exercise, answer.base))
    return answer


def run_check(exercise, source):
    """Run a check on the functions or classes that a source defines."""
    cell = {"torch": torch, "nn": nn, "F": F, "np": np, "__name__": "cell"}
    exec(source, cell)
    check = CHECKS[exercise]
    check(*(cell[name] for name in inspect.signature(check).parameters))


@each_mistake
def test_a_mistake_is_rejected_with_the_intended_hint(exercise, base, misconception):
    mistake = ANSWERS[exercise].MISTAKES[base][misconception]
    source = mistake.apply(right_source(exercise, base))
    with pytest.raises(AnswerError, match=re.escape(mistake.hint)):
        run_check(exercise, source)


@each_right_answer
def test_a_right_answer_is_accepted_in_one_line(exercise, name, capsys):
    run_check(exercise, right_source(exercise, name))
    line = rf"exercise {CHECKS[exercise].exercise}: all (\d+) cases are right\.\n"
    assert int(re.fullmatch(line, capsys.readouterr().out)[1]) >= 4


@pytest.mark.parametrize("exercise", CHECKS)
def test_every_check_has_enough_mistakes_and_right_answers(exercise):
    assert sum(e == exercise for e, *_ in MISTAKES) >= 6
    assert sum(e == exercise for e, _ in RIGHT) >= 3


def test_every_file_of_answers_has_a_check():
    assert set(ANSWERS) == set(CHECKS)


@each_mistake
def test_a_mistake_names_its_misconception(exercise, base, misconception):
    assert len(misconception) > 15


def random_states():
    numpy_state = np.random.get_state()  # noqa: NPY002
    return torch.get_rng_state(), random.getstate(), numpy_state[1].tolist()


@each_right_answer
def test_a_check_leaves_the_random_numbers_of_the_notebook_alone(exercise, name):
    torch.manual_seed(3)
    before = random_states()
    run_check(exercise, right_source(exercise, name))
    torch.testing.assert_close(random_states()[0], before[0])
    assert random_states()[1:] == before[1:]


@each_right_answer
def test_a_check_works_where_gradients_are_switched_off(exercise, name):
    with torch.no_grad():
        run_check(exercise, right_source(exercise, name))


@pytest.mark.parametrize(("old", "count"), [("c", 0), ("a", 2), ("a … c", 0)])
def test_the_old_text_of_an_edit_must_occur_exactly_once(old, count):
    with pytest.raises(ValueError, match=f"must occur once, got {count} times"):
        Edits(old, "b").apply("a = a")
