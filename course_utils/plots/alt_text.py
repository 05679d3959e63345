"""Show a figure with words for those who can't see it."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes


def show_with_alt(axes: Axes | Sequence[Axes] | np.ndarray, alt: str) -> None:
    """Show the figure of some axes, with an alternative text, and close it.

    Args:
        axes: one or several axes of the figure.
        alt: what the figure shows, in a sentence or two.

    Raises:
        ValueError: ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("alt must say what the figure shows, got an empty text")
    figure = np.ravel(np.asarray(axes, dtype=object))[0].figure
    display(figure, metadata={"image/png": {"alt": alt}})
    plt.close(figure)
