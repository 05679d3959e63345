"""How figures are named and written.

A figure is a proportion, written in percent, unless its name ends with a unit, such as
"field, px".
"""

import math
from collections.abc import Mapping, Sequence

Figures = Mapping[str, float]
"""Value of each figure of one seed, by name; nan where it could not be measured."""
_PLACES = {"px": 0, "times": 2, "cycles/px": 3, "count": 0, "ms": 1, "M": 1}
"""Decimal places of a figure by its unit, which its name ends with."""


def after_twice(name: str) -> str:
    """Name the figure that was measured after twice the steps.

    That of "SegNet, N steps: mean IoU", or of "SegNet: mean IoU", is "SegNet, 2N steps:
    mean IoU".
    """
    net, colon, score = name.partition(":")
    return f"{net.removesuffix(', N steps')}, 2N steps{colon}{score}"


def is_proportion(name: str) -> bool:
    """Tell whether a figure is a proportion, which can't exceed 1."""
    return _unit(name) == "%"


def format_figure(name: str, value: float) -> str:
    """Write a figure in its unit, a proportion in percent."""
    if math.isnan(value):
        return "not measured"
    return _with_unit(_number(name, value), _unit(name))


def format_spread(name: str, values: Sequence[float]) -> str:
    """Write the mean of a figure over seeds, with its lowest and highest value."""
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return "not measured" if values else "nothing stored"
    low, high = _number(name, min(known)), _number(name, max(known))
    mean = format_figure(name, sum(known) / len(known))
    return mean if low == high else f"{mean} ({low} to {high})"


def format_difference(name: str, values: Sequence[float]) -> str:
    """Write the differences of a figure in each seed; of a proportion, in points."""
    low, high = _number(name, min(values), "+"), _number(name, max(values), "+")
    unit = "points" if is_proportion(name) else _unit(name)
    mean = _with_unit(_number(name, sum(values) / len(values), "+"), unit)
    return mean if low == high else f"{mean}, by seed {low} to {high}"


def _unit(name: str) -> str:
    """Name the unit of a figure, which stands after the last comma of its name."""
    unit = name.rpartition(", ")[2]
    return unit if ", " in name and unit in _PLACES else "%"


def _number(name: str, value: float, sign: str = "") -> str:
    """Write a value without its unit; ``sign`` is "+" to show a plus, too."""
    unit = _unit(name)
    places, scale = (1, 100) if unit == "%" else (_PLACES[unit], 1)
    return f"{round(scale * value, places) + 0.0:{sign}.{places}f}"  # never -0.0


def _with_unit(number: str, unit: str) -> str:
    return number if unit == "count" else f"{number} {unit}"
