"""How figures are named and written.

A figure is a proportion, written in percent, unless its name ends with a unit, such as
"field, px".
"""

import math
from collections.abc import Mapping, Sequence

Figures = Mapping[str, float]
"""Value of each figure of one seed, by name; nan where it could not be measured."""
TWICE = "twice the steps: "
"""What the name of a figure begins with that was measured after twice the steps."""
_UNITS = {
    ", px": "{:.0f} px",
    ", times": "{:.2f} times",
    ", cycles/px": "{:.3f} cycles/px",
    ", count": "{:.0f}",
    ", ms": "{:.1f} ms",
    ", M": "{:.1f} M",
}
"""Format of a figure by the end of its name."""


def is_proportion(name: str) -> bool:
    """Tell whether a figure is a proportion, which can't exceed 1."""
    return not name.endswith(tuple(_UNITS))


def format_figure(name: str, value: float) -> str:
    """Write a figure in its unit, a proportion in percent."""
    if math.isnan(value):
        return "not measured"
    for ending, form in _UNITS.items():
        if name.endswith(ending):
            return form.format(value)
    return f"{100 * value:.1f} %"


def format_spread(name: str, values: Sequence[float]) -> str:
    """Write the mean of a figure over seeds, with its lowest and highest value."""
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return "not measured" if values else "nothing stored"
    low, high = (format_figure(name, value) for value in (min(known), max(known)))
    mean = format_figure(name, sum(known) / len(known))
    return low if low == high else f"{mean} ({low} to {high})"


def format_difference(name: str, values: Sequence[float]) -> str:
    """Write the differences of a figure in each seed; of a proportion, in points."""
    forms = [form for ending, form in _UNITS.items() if name.endswith(ending)]
    form = forms[0].replace("{:", "{:+") if forms else "{:+.1f} points"
    scale = 1 if forms else 100
    mean, low, high = (
        form.format(scale * value + 0.0)
        for value in (sum(values) / len(values), min(values), max(values))
    )
    return mean if low == high else f"{mean}, by seed {low} to {high}"
