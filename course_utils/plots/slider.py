"""A figure that follows a slider."""

import io
from collections.abc import Callable, Sequence
from numbers import Number
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from course_utils.arguments import FUNCTION, TEXT, Rule, checked, each
from course_utils.plots.alt_text import AXES, figure_of

_Draw = Callable[[Any], Axes | Sequence[Axes] | np.ndarray]

_OPTION = Rule("an option", lambda value: True)


def _is_plain(value: Any) -> bool:
    """Tell numbers and texts from arrays, which have no single answer to ``==``."""
    return isinstance(value, (str, Number, tuple))


class _SliderFigure(widgets.VBox):
    """A slider above a picture."""

    def __repr__(self) -> str:
        """Tell a reader without a kernel what is missing."""
        return "(In a live notebook, a slider stands here.)"


@checked(draw=FUNCTION, name=TEXT, options=each(_OPTION))
def with_slider(
    draw: _Draw, name: str, options: Sequence[Any], *, value: Any
) -> widgets.VBox:
    """Make a slider and, below it, the figure that ``draw`` makes of its value.

    Show the figure of one value by itself too: without a kernel there is no slider.

    Args:
        draw: Function of one option that returns the axes of a new figure.
        name: Label to the left of the slider.
        options: Values to choose from, in order.
        value: Option to begin with.

    Raises:
        ValueError: ``value`` is not one of the options.
    """
    if not any(value is o or (_is_plain(value) and value == o) for o in options):
        raise ValueError(f"value must be one of {list(options)}, got {value!r}")
    slider = widgets.SelectionSlider(
        options=options, value=value, description=name, continuous_update=False
    )
    # An image, unlike interact's output area, does not flicker
    picture = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))

    def redraw(_: Any = None) -> None:
        axes = draw(slider.value)
        AXES.check("what draw returns", axes)
        figure = figure_of(axes)
        buffer = io.BytesIO()
        # As notebooks show figures: including what lies outside the axes
        figure.savefig(buffer, format="png", bbox_inches="tight")
        plt.close(figure)
        picture.value = buffer.getvalue()

    slider.observe(redraw, names="value")
    redraw()
    return _SliderFigure([slider, picture])
