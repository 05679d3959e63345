import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from course_utils.arguments import (
    FLAG,
    FUNCTION,
    MODULE,
    NAME,
    NET,
    PATH,
    PATH_OR_TEXT,
    a,
    array,
    checked,
    each,
    either,
    named,
    number,
    one_of,
    optional,
    shown,
    size,
    tensor,
    whole,
)

NAN, INF = float("nan"), float("inf")
PAIR = each(whole(1)).also("two numbers", lambda pair: len(pair) == 2)
MAPS = tensor("N 3 H W or H W", "float", finite=True)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (whole(), [0, -3, np.int64(5), np.uint8(0)]),
        (whole(1, 3), [1, 3]),
        (number(0, 1), [0, 1, 0.5, Fraction(1, 3), np.float32(0.2)]),
        (number(above=0, below=2), [1e-300, 1.999]),
        (number(0, finite=False), [INF, 0]),
        (FLAG, [True, False, np.True_]),
        (NAME, ["a"]),
        (PATH, [Path("a")]),
        (PATH_OR_TEXT, [Path("a"), "a"]),
        (FUNCTION, [print, nn.ReLU(), lambda: 0, int]),
        (one_of("a", 3), ["a", 3]),
        (optional(whole(1)), [None, 1]),
        (optional(one_of("a")), [None, "a"]),
        (either(whole(1), size()), [4, (4, 5), [4, 5]]),
        (PAIR, [(1, 2), [1, 2], np.array([1, 2]), torch.tensor([1, 2]).numpy()]),
        (each(NAME, least=0), [[], ()]),
        (named(number()), [{"a": 1}]),
        (size(32), [(32, 64), torch.Size([32, 32])]),
        (MAPS, [torch.zeros(1, 3, 2, 2), torch.zeros(2, 2).half()]),
        (
            tensor("... 3", "integer"),
            [torch.zeros(3).long(), torch.zeros(2, 4, 3).int()],
        ),
        (tensor("...", "any"), [torch.zeros(2) > 0, torch.zeros(())]),
        (tensor("scalar", "float"), [torch.zeros(())]),
        (array("H W", "uint8"), [np.zeros((2, 2), np.uint8)]),
        (MODULE, [nn.ReLU(), nn.Conv2d(1, 1, 1)]),
        (NET, [nn.Conv2d(1, 1, 1)]),
        (a("Conv2d", "Linear"), [nn.Conv2d(1, 1, 1), nn.Linear(1, 1)]),
    ],
)
def test_what_keeps_a_rule_passes(rule, values):
    for value in values:
        rule.check("x", value)


@pytest.mark.parametrize(
    ("rule", "value", "error", "message"),
    [
        (whole(), True, TypeError, "x must be a whole number, got True"),
        (whole(), np.True_, TypeError, "x must be a whole number, got a bool"),
        (whole(), 2.0, TypeError, "x must be a whole number, got 2.0"),
        (whole(), NAN, TypeError, "x must be a whole number, got nan"),
        (whole(1), 0, ValueError, "x must be at least 1, got 0"),
        (whole(1, 3), 4, ValueError, "x must be from 1 to 3, got 4"),
        (whole(), 2**63, ValueError, "x must be at most 9223372036854775807, got"),
        (number(), NAN, ValueError, "x must be finite, got nan"),
        (number(), 10**400, ValueError, "x must be finite, got 1000"),
        (number(), 1e200, ValueError, "x must be from -1e15 to 1e15, got 1e+200"),
        (number(), 1j, TypeError, "x must be a number, got a complex"),
        (number(0, finite=False), NAN, ValueError, "x must be at least 0, got nan"),
        (
            number(above=0, below=1),
            1,
            ValueError,
            "x must be above 0 and below 1, got 1",
        ),
        (FLAG, 1, TypeError, "x must be True or False, got 1"),
        (NAME, " ", ValueError, "x must be a text that is not empty, got ' '"),
        (PATH, "a", TypeError, "x must be a pathlib.Path, got 'a'; write Path(...)"),
        (FUNCTION, None, TypeError, "x must be a function, got None"),
        (one_of("a", 3), True, ValueError, "x must be one of a, 3, got True"),
        (one_of("a"), ["a"], ValueError, "x must be one of a, got ['a']"),
        (one_of("a"), np.zeros(2), ValueError, "got float64 ndarray of shape (2,)"),
        (optional(whole(1)), 0, ValueError, "x must be at least 1, got 0"),
        (optional(FLAG), 0, TypeError, "x must be True or False or None, got 0"),
        (PAIR, (1, 2, 3), ValueError, "x must be two numbers, got (1, 2, 3)"),
        (PAIR, [1, 2.5], TypeError, "x[1] must be a whole number, got 2.5"),
        (PAIR, [], ValueError, "x must be at least 1 long, got an empty list"),
        (PAIR, "12", TypeError, "x must be a list or tuple, got '12'"),
        (named(number()), {"a": NAN}, ValueError, "x['a'] must be finite, got nan"),
        (size(32), (31, 40), ValueError, "x must be at least 32 high and wide"),
        (
            size(),
            (40,),
            ValueError,
            "x must be two numbers, height and width, got (40,)",
        ),
        (
            MAPS,
            torch.zeros(3),
            ValueError,
            "x must be (N, 3, H, W) or (H, W), got (3,)",
        ),
        (MAPS, torch.zeros(0, 2), ValueError, "without a side of 0, got (0, 2)"),
        (MAPS, torch.ones(2, 2) / 0, ValueError, "x must be finite, got 4 values that"),
        (MAPS, torch.ones(2, 2) > 0, TypeError, "got bool tensor of shape (2, 2)"),
        (MAPS, np.zeros((2, 2)), TypeError, "got float64 ndarray of shape (2, 2)"),
        (array("H W", "uint8"), [[1]], TypeError, "x must be a uint8 array, got [[1]]"),
        (NET, nn.ReLU(), ValueError, "x must be a torch.nn.Module with parameters"),
        (NET, nn.Conv2d, TypeError, "got the class Conv2d; pass the model itself"),
        (a("Conv2d"), nn.Linear(1, 1), TypeError, "x must be a Conv2d, got a Linear"),
    ],
)
def test_what_breaks_a_rule_is_refused_in_one_form(rule, value, error, message):
    with pytest.raises(error) as raised:
        rule.check("x", value)
    assert message in str(raised.value)


@checked(count=whole(1), names=each(NAME))
def repeat(count, names=("a",), *, end=""):
    """Repeat names."""
    return count * "".join(names) + end


def test_a_function_keeps_its_name_and_is_checked_however_it_is_called():
    assert repeat(2) == repeat(count=2) == "aa"
    assert repeat(1, ("b",), end=3 * ".") == "b..."
    assert (repeat.__name__, repeat.__doc__) == ("repeat", "Repeat names.")
    for call in (lambda: repeat(0), lambda: repeat(count=0)):
        with pytest.raises(ValueError, match="count must be at least 1, got 0"):
            call()
    with pytest.raises(TypeError, match=r"names\[0\] must be a text, got 1"):
        repeat(1, [1])
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        repeat()


def test_a_rule_for_no_argument_is_a_mistake_of_the_author():
    with pytest.raises(TypeError, match=r"rules must be for arguments, got \['b'\]"):
        checked(b=whole())(lambda a: a)


def test_long_values_are_shortened():
    assert len(shown("a" * 1000)) < 100
    assert len(shown(list(range(1000)))) < 100
    assert shown([torch.zeros(2), nn.ReLU]) == (
        "[float32 tensor of shape (2,), the class ReLU]"
    )


def test_only_the_standard_library_is_loaded():
    script = (
        "import sys, course_utils.arguments\nprint({'torch', 'numpy'} & {*sys.modules})"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert run.stdout == "set()\n"
