import math

import pytest

from course_utils.experiments.claims.figures import (
    after_twice,
    format_difference,
    format_figure,
    format_spread,
    is_proportion,
)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("side, px", 404.2, "404 px"),
        ("gain", -0.25, "-25.0 %"),
        ("px", 0.5, "50.0 %"),
        ("slower, times", 2.346, "2.35 times"),
        ("skips, count", 4.0, "4"),
        ("latency, ms", 1.26, "1.3 ms"),
        ("parameters, M", 29.46, "29.5 M"),
        ("frequency, cycles/px", 0.1234, "0.123 cycles/px"),
        ("gain", math.nan, "not measured"),
    ],
)
def test_figures_are_in_the_unit_their_name_ends_with(name, value, text):
    assert format_figure(name, value) == text


def test_only_figures_without_a_unit_are_proportions():
    assert is_proportion("mean IoU") and not is_proportion("field, px")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([0.4, 0.2], "30.0 % (20.0 to 40.0)"),
        ([0.4], "40.0 %"),
        ([0.4, math.nan], "40.0 %"),
        ([math.nan], "not measured"),
        ([], "nothing stored"),
    ],
)
def test_a_spread_is_the_mean_with_the_lowest_and_the_highest(values, text):
    assert format_spread("a", values) == text


@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        ("IoU", [0.01], "+1.0 points"),
        ("IoU", [-1e-6], "+0.0 points"),
        ("IoU", [0.01, -0.03], "-1.0 points, by seed -3.0 to +1.0"),
        ("side, px", [-64.0], "-64 px"),
        ("latency, ms", [1.0, 2.0], "+1.5 ms, by seed +1.0 to +2.0"),
    ],
)
def test_differences_of_proportions_are_points(name, values, text):
    assert format_difference(name, values) == text


@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("SegNet, N steps: mean IoU", "SegNet, 2N steps: mean IoU"),
        ("SegNet: mean IoU", "SegNet, 2N steps: mean IoU"),
        ("a, b, N steps: mean IoU by windows", "a, b, 2N steps: mean IoU by windows"),
        ("fine", "fine, 2N steps"),
    ],
)
def test_figures_after_twice_the_steps_say_so(name, later):
    assert after_twice(name) == later
