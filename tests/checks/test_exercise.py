import inspect
import random
import re
from typing import get_origin

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from torch import nn

from course_utils import checks
from course_utils.checks.answer import AnswerError, ask
from course_utils.checks.exercise import exercise

CHECKS = [getattr(checks, name) for name in checks.__all__ if name != "AnswerError"]


def test_every_exercise_has_one_check():
    numbers = [check.exercise for check in CHECKS]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"[0-6]\.[1-9]", number) for number in numbers)


@exercise("9.1")
def check_half(half):
    for value in (2.0, 4.0):
        ask(half, torch.tensor([value]), hint="Divide.").should_be(
            torch.tensor([value / 2]), "Divide by two."
        )
        yield


@exercise("9.2")
def check_layer(layer: type[nn.Module]):
    made = ask(layer, 3).value
    ask(made, torch.ones(1)).should_be(torch.ones(1), "")
    yield


def stub_function(*args, **options):
    raise NotImplementedError("exercise 9.9")


class StubInit(nn.Module):
    def __init__(self, *args, **options):
        raise NotImplementedError("exercise 9.9")


class StubForward(nn.Module):
    def __init__(self, *args, **options):
        super().__init__()

    def forward(self, *args):
        raise NotImplementedError("exercise 9.9")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_stub_is_reported_as_open(check, capsys):
    parameters = inspect.signature(check).parameters.values()
    wants_class = [get_origin(p.annotation) is type for p in parameters]
    for stub in (StubInit, StubForward):
        check(*[stub if wants else stub_function for wants in wants_class])
        assert capsys.readouterr().out == f"exercise {check.exercise} is still open\n"


def raise_todo(x):
    raise NotImplementedError


def operation_that_torch_lacks(x):
    return torch.bincount(x)


def test_a_bare_not_implemented_error_is_a_stub(capsys):
    check_half(raise_todo)
    assert capsys.readouterr().out == "exercise 9.1 is still open\n"


@pytest.mark.parametrize("layer", [StubInit, StubForward])
def test_a_class_may_be_a_stub_in_its_init_or_its_forward(layer, capsys):
    check_layer(layer)
    assert capsys.readouterr().out == "exercise 9.2 is still open\n"


def test_an_operation_that_torch_lacks_is_no_stub():
    with pytest.raises(AnswerError, match=r"raised NotImplementedError: .*bincount"):
        check_half(operation_that_torch_lacks)


def test_a_module_without_forward_is_no_stub():
    class Layer(nn.Module):
        def __init__(self, size):
            super().__init__()

    with pytest.raises(AnswerError, match='missing the required "forward"'):
        check_layer(Layer)


@pytest.mark.parametrize(
    ("check", "answer", "message"),
    [
        (check_half, None, r"call check_half\(half\) with the function itself.*None"),
        (check_half, 0.5, r"not what it returns, got 0\.5"),
        (check_layer, nn.Identity(), "the class itself, not an object made from it"),
        (check_layer, 3, "the class itself"),
    ],
)
def test_what_is_no_answer_at_all_is_refused(check, answer, message):
    with pytest.raises(AnswerError, match=message):
        check(answer)


def test_the_number_of_answers_must_be_right():
    with pytest.raises(AnswerError, match=r"call check_half\(half\), got 2 arguments"):
        check_half(abs, abs)


def random_states():
    numpy_state = np.random.get_state()  # noqa: NPY002
    return torch.get_rng_state(), random.getstate(), numpy_state[1].tolist()


@pytest.mark.parametrize("result", [1.0, 7.0])
def test_an_answer_may_draw_random_numbers(result):
    @exercise("9.4")
    def check_draw(draw):
        ask(draw).should_be(1.0, "")
        yield

    def draw():
        torch.manual_seed(1)
        np.random.seed(1)  # noqa: NPY002
        random.seed(1)
        return result

    before = random_states()
    try:
        check_draw(draw)
    except AnswerError:
        assert result == 7.0
    torch.testing.assert_close(random_states()[0], before[0])
    assert random_states()[1:] == before[1:]


def test_a_notebook_shows_the_message_without_a_traceback_and_fails():
    setup = (
        "from course_utils.checks.fcn_limits.exercises import check_conv_output_size\n"
        "def stub(*args):\n    raise NotImplementedError('exercise 1.1')\n"
        "def conv_output_size(*args):\n    return [][0]\n"
        "check_conv_output_size(stub)"
    )
    cells = [setup, "check_conv_output_size(conv_output_size)", "print('not reached')"]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
    )
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    opened, wrong, after = (cell.outputs for cell in notebook.cells)
    assert [output.text for output in opened] == ["exercise 1.1 is still open\n"]
    assert [output.ename for output in wrong] == ["AnswerError"]
    assert wrong[0].traceback == [
        "Not yet: conv_output_size(7, 3) raised IndexError: list index out of range "
        "in line 5 of your code, `return [][0]`. At how many places does a kernel of 3 "
        "fit in 7 pixels?"
    ]
    assert after == []


@exercise("9.3")
def check_pair(pair):
    ask(pair, 3, [1, 2], factor=2).should_be((6, 2.5), "Both numbers.")
    yield


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda x: x.numpy() / 2, r"should be a tensor, got .*numpy\.ndarray"),
        (lambda x: None, r"should be a tensor, got None \(is a return missing\?\)"),
        (lambda x: x.double() / 2, r"should hold torch\.float32, got torch\.float64"),
        (lambda x: x[None] / 2, r"should have shape \(1,\), got \(1, 1\)"),
        (lambda x: (x / 2).to("meta"), "should be on the device cpu, got meta"),
        (lambda x: x * float("nan"), "should hold no nan, got 1 of 1 values nan"),
        (lambda x: x, r"should be\ntensor\(\[1\.\]\)\ngot\ntensor\(\[2\.\]\)\nDivide"),
        (lambda x: x.mul_(0.5), "changed its argument 1 in place"),
        (lambda x, y: x, "raised TypeError: .*missing 1 required positional"),
    ],
)
def test_a_wrong_tensor_is_told_by_what_is_wrong_with_it(answer, message):
    with pytest.raises(AnswerError, match=message):
        check_half(answer)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda n, xs, factor: [6, 2.5], r"should be \(6, 2\.5\), got \[6, 2\.5\]"),
        (lambda n, xs, factor: (6.0, 2.5), r"got \(6\.0, 2\.5\)"),
        (lambda n, xs, factor: (6, 2.5, 0), r"got \(6, 2\.5, 0\)"),
        (lambda n, xs, factor: xs.append(3), "changed its argument 2 in place"),
        (lambda n, xs: (6, 2.5), r"<lambda>\(3, \[1, 2\], factor=2\) raised Type"),
    ],
)
def test_numbers_and_their_types_are_compared(answer, message):
    with pytest.raises(AnswerError, match=message):
        check_pair(answer)
    check_pair(lambda n, xs, factor: (factor * n, 2.5))


def test_the_error_of_an_answer_is_named_with_its_line():
    def half(x):
        empty = []
        return empty[0]

    with pytest.raises(
        AnswerError,
        match=r"^half\(tensor\(\[2\.\]\)\) raised IndexError: list index out of range "
        r"in line \d+ of your code, `return empty\[0\]`\. Divide\.$",
    ) as caught:
        check_half(half)
    assert caught.value.__suppress_context__


def test_a_known_mistake_has_a_better_hint():
    reply = ask(lambda: 3)
    with pytest.raises(AnswerError, match=r"should be 4, got 3\. Off by one\.$"):
        reply.should_be(4, "Count.", mistakes={"Sign.": -4, "Off by one.": 3})


def test_large_tensors_are_told_by_their_first_wrong_value():
    reply = ask(lambda x: x.index_fill(0, torch.tensor([7]), 5.0), torch.zeros(100))
    message = r"shape \(100,\)>\) should be 0\.0 at \[7\], got 5\.0; 1 of 100 values"
    with pytest.raises(AnswerError, match=message):
        reply.should_be(torch.zeros(100), "")


def test_gradient_is_wanted_by_argument():
    x, y = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    first, second = ask(lambda x, y: 3 * x + y, x, y).should_carry_gradient("")
    torch.testing.assert_close(first, torch.full((2,), 3.0))
    torch.testing.assert_close(second, torch.ones(2))
    with pytest.raises(AnswerError, match="to its argument 2, got none"):
        ask(lambda x, y: x, x, y).should_carry_gradient("")
    with pytest.raises(AnswerError, match="got a value without one"):
        ask(lambda x, y: x.detach(), x, y).should_carry_gradient("")


def test_an_answer_cannot_reach_the_expected_value():
    given = torch.ones(2)
    reply = ask(lambda x: x, given)
    reply.value.zero_()
    torch.testing.assert_close(given, torch.ones(2))
