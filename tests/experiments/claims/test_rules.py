import pytest

from course_utils.experiments.claims.rules import (
    at_least,
    at_most,
    each,
    every,
    higher,
    keeps_up,
    least,
    lower,
    most,
    within,
)


def word(rule, **figures):
    """Judge lists of figures, one value a seed."""
    rows = [
        dict(zip(figures, row, strict=True))
        for row in zip(*figures.values(), strict=True)
    ]
    return rule.judge(rows).word


@pytest.mark.parametrize(
    ("a", "expected"),
    [
        ([0.52, 0.53, 0.60], "holds"),  # ahead by 2, 3 and 10 points
        ([0.48, 0.40, 0.45], "refuted"),  # behind by more than a point
        ([0.48, 0.505, 0.45], "refuted"),  # never ahead by a point
        ([0.505, 0.495, 0.50], "no difference"),  # always within a point
        ([0.60, 0.40, 0.50], "no difference"),  # the seeds disagree who is ahead
        ([0.505, 0.60, 0.55], "undecided"),  # ahead, but not always by a point
    ],
)
def test_higher_looks_at_the_lead_in_each_seed(a, expected):
    assert word(higher("a", "b", by=0.01), a=a, b=[0.5] * 3) == expected


def test_seeds_are_compared_with_themselves():
    # the seeds differ by 30 points, the nets of one seed by 2, always the same way
    a, b = [0.32, 0.47, 0.62], [0.30, 0.45, 0.60]
    assert word(higher("a", "b", by=0.01), a=a, b=b) == "holds"
    assert word(higher("a", "b", by=0.01), a=a, b=b[::-1]) == "no difference"


@pytest.mark.parametrize(
    ("a", "expected"),
    [([0.2, 0.3], "holds"), ([0.6, 0.7], "refuted"), ([0.495, 0.5], "no difference")],
)
def test_lower_is_the_mirror_of_higher(a, expected):
    assert word(lower("a", "b", by=0.01), a=a, b=[0.5, 0.5]) == expected


@pytest.mark.parametrize(
    ("rule", "a", "b", "expected"),
    [
        # 0.97 + 2 points leaves room for 0.99 and more; 0.985 + 2 points does not
        (higher("a", "b", by=0.01), 0.97, 0.97, "no difference"),
        (higher("a", "b", by=0.01), 0.97, 0.985, "can't be tested here"),
        (higher("a", "b", by=0.01), 0.999, 0.985, "holds"),
        (lower("a", "b", by=0.01), 0.012, 0.018, "can't be tested here"),
        (lower("a", "b", by=0.01), 0.001, 0.018, "holds"),
        (lower("a", "b", by=0.01), 0.035, 0.03, "no difference"),
        (higher("a", "b"), 1.0, 1.0, "can't be tested here"),
        (lower("a", "b", by=0.01, floor=-1), -0.2, 0.0, "holds"),
        (lower("a", "b", by=0.01, floor=-1), 0.2, 0.0, "refuted"),
        (lower("a", "b", factor=0.5), 0.0, 0.0, "can't be tested here"),
    ],
)
def test_ceiling_and_floor(rule, a, b, expected):
    assert word(rule, a=[a, a], b=[b, b]) == expected


def test_one_seed_at_the_ceiling_is_enough():
    rule = higher("a", "b", by=0.05)
    assert word(rule, a=[0.9, 0.9], b=[0.8, 0.97]) == "can't be tested here"


def test_figures_in_a_unit_have_no_ceiling():
    rule = higher("a, px", "b, px")
    seed = {"a, px": 200.0, "b, px": 404.0}
    assert rule.judge([seed]).word == "refuted"
    assert rule.judge([{**seed, "a, px": 500.0}]).word == "holds"


@pytest.mark.parametrize(
    ("a", "expected"),
    [(0.2, "holds"), (0.3, "refuted"), (0.5, "refuted"), (0.9, "refuted")],
)
def test_less_than_half_is_no_question_of_a_difference(a, expected):
    assert word(lower("a", "b", factor=0.5), a=[a], b=[0.5]) == expected


@pytest.mark.parametrize(
    ("a", "expected"),
    [
        ([0.48, 0.60], "holds"),
        ([0.40, 0.45], "refuted"),
        ([0.40, 0.60], "undecided"),
        ([0.99, 0.99], "holds"),
    ],
)
def test_keeping_up_allows_to_lose_less_than_the_margin(a, expected):
    assert word(keeps_up("a", "b", by=0.03), a=a, b=[0.5, 0.5]) == expected


@pytest.mark.parametrize(
    ("b", "expected"),
    [([0.50, 0.505], "holds"), ([0.4, 0.6], "refuted"), ([0.50, 0.6], "undecided")],
)
def test_within_asks_both_ways(b, expected):
    assert word(within("a", "b", by=0.01), a=[0.5, 0.5], b=b) == expected


@pytest.mark.parametrize(
    ("a", "at_least_half", "at_most_half"),
    [
        ([0.5, 0.5], "holds", "holds"),
        ([0.6, 0.7], "holds", "refuted"),
        ([0.4, 0.3], "refuted", "holds"),
        ([0.4, 0.6], "undecided", "undecided"),
    ],
)
def test_limits(a, at_least_half, at_most_half):
    assert word(at_least("a", 0.5), a=a) == at_least_half
    assert word(at_most("a", 0.5), a=a) == at_most_half


def test_the_best_and_the_worst_of_several():
    figures = {"a": [0.5], "b": [0.3], "c": [0.7]}
    assert word(higher("a", most("b", "c")), **figures) == "refuted"
    assert word(higher("a", least("b", "c")), **figures) == "holds"
    assert higher("a", most("b", "c", "a")).names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("a", "c", "expected"),
    [
        (0.6, 0.5, "holds"),
        (0.6, 0.7, "holds only against b"),
        (0.6, 0.6, "holds only against b"),
        (0.3, 0.1, "refuted"),
        (0.4, 0.1, "no difference"),
        (0.6, 0.99, "can't be tested here"),
    ],
)
def test_a_rule_with_a_restriction(a, c, expected):
    rule = higher("a", "b", by=0.01).only("against b", unless=higher("a", "c", by=0.01))
    assert word(rule, a=[a], b=[0.4], c=[c]) == expected
    assert rule.names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("a", "control", "expected"),
    [
        (0.6, 0.9, "holds"),
        (0.6, 0.1, "holds"),
        (0.1, 0.9, "refuted"),
        (0.1, 0.1, "can't be tested here"),
    ],
)
def test_without_a_control_that_works_nothing_is_refuted(a, control, expected):
    rule = at_least("a", 0.5).given(at_least("control", 0.5), "nothing is found")
    assert word(rule, a=[a], control=[control]) == expected
    assert rule.names == ("a", "control")


@pytest.mark.parametrize(
    ("b", "c", "expected"),
    [
        ([0.4, 0.4], [0.3, 0.3], "holds"),
        ([0.4, 0.4], [0.7, 0.7], "refuted"),
        ([0.4, 0.4], [0.3, 0.495], "undecided"),
        ([0.4, 0.495], [0.7, 0.7], "refuted"),
        ([0.5, 0.5], [0.3, 0.3], "no difference"),
    ],
)
def test_every_part_must_hold(b, c, expected):
    rule = every(higher("a", "b", by=0.01), higher("a", "c", by=0.01))
    assert word(rule, a=[0.5, 0.5], b=b, c=c) == expected


@pytest.mark.parametrize(
    ("b", "c", "expected"),
    [
        ([0.4, 0.4], [0.3, 0.3], "holds"),
        ([0.4, 0.4], [0.7, 0.7], "holds only against b"),
        ([0.7, 0.7], [0.3, 0.3], "holds only against c"),
        ([0.7, 0.7], [0.7, 0.7], "refuted"),
        ([0.5, 0.5], [0.7, 0.7], "refuted"),
        ([0.5, 0.5], [0.5, 0.5], "no difference"),
        ([0.495, 0.3], [0.7, 0.7], "undecided"),
        ([0.7, 0.7], [0.99, 0.99], "can't be tested here"),
    ],
)
def test_of_several_parts_those_that_hold_are_named(b, c, expected):
    parts = {f"against {name}": higher("a", name, by=0.01) for name in ("b", "c")}
    assert word(each(parts), a=[0.5, 0.5], b=b, c=c) == expected


def test_the_reason_is_the_difference_in_each_seed():
    rows = [{"a": 0.5, "b": 0.4}, {"a": 0.5, "b": 0.3}]
    finding = higher("a", "b", by=0.01).judge(rows)
    assert finding.why == "difference +15.0 points, by seed +10.0 to +20.0"
