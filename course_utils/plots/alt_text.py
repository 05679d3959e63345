"""Show a figure with an alternative text for readers who can't see it."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_utils.arguments import TEXT, Rule, checked


def _holds_axes(value: object) -> bool:
    drawn = np.ravel(np.asarray(value, dtype=object))
    return len(drawn) > 0 and all(isinstance(ax, Axes) for ax in drawn)


AXES = Rule("axes of a figure", _holds_axes, advice="pass what drew it returns")
"""A rule that functions share: one or several axes."""


def figure_of(axes: Axes | Sequence[Axes] | np.ndarray) -> Figure:
    """Return the figure of one or several axes."""
    return np.ravel(np.asarray(axes, dtype=object))[0].figure


@checked(axes=AXES, alt=TEXT)
def show_with_alt(axes: Axes | Sequence[Axes] | np.ndarray, alt: str) -> None:
    """Show a figure with an alternative text, and close it.

    Args:
        axes: One or several axes of the figure.
        alt: Description of what the figure shows, in a sentence or two.

    Raises:
        ValueError: ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("alt must say what the figure shows, got an empty text")
    figure = figure_of(axes)
    display(figure, metadata={"image/png": {"alt": alt}})
    plt.close(figure)
