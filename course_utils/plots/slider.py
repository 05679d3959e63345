"""Drag instead of read: a figure that follows a slider."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from course_utils.plots.alt_text import figure_of

Draw = Callable[[Any], Axes | Sequence[Axes] | np.ndarray]


class SliderFigure(widgets.VBox):
    """A slider above a picture."""

    def __repr__(self) -> str:
        """Say what a page without a kernel lacks."""
        return "(In a live notebook, a slider stands here.)"


def with_slider(
    draw: Draw, name: str, options: Sequence[Any], *, value: Any
) -> SliderFigure:
    """Make a slider and, below it, the figure that ``draw`` makes of its value.

    Show the figure of one value by itself too: a page that nobody runs has no slider.

    Args:
        draw: takes one of the options, returns the axes of a new figure.
        name: of what is chosen; stands before the slider.
        options: to choose from, in order.
        value: the one to begin with.

    Raises:
        ValueError: ``value`` is none of the options.
    """
    if value not in options:
        raise ValueError(f"value must be one of {list(options)}, got {value!r}")
    slider = widgets.SelectionSlider(
        options=options, value=value, description=name, continuous_update=False
    )
    # A picture, not interact's output area: it does not flicker, and is sent one way
    picture = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))

    def redraw(_: Any = None) -> None:
        figure = figure_of(draw(slider.value))
        buffer = io.BytesIO()
        # As a notebook shows figures: with what stands outside the axes
        figure.savefig(buffer, format="png", bbox_inches="tight")
        plt.close(figure)
        picture.value = buffer.getvalue()

    slider.observe(redraw, names="value")
    redraw()
    return SliderFigure([slider, picture])
