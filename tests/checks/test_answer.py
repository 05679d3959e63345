import pytest
import torch

from course_utils.checks.answer import AnswerError, ask
from course_utils.checks.exercise import exercise


@exercise("9.1")
def check_half(half):
    for value in (2.0, 4.0):
        ask(half, torch.tensor([value]), hint="Divide.").should_be(
            torch.tensor([value / 2]), "Divide by two."
        )
        yield


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
