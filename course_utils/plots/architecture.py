"""A network's architecture as a row of boxes."""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from course_utils.arguments import TEXT, a, checked, optional


@checked(
    summary=a("ModelSummary", advice="make it with analysis.model_summary").also(
        "a ModelSummary with at least one row", lambda summary: len(summary.rows) > 0
    ),
    here=optional(TEXT),
    ax=optional(a("Axes")),
)
def draw_architecture(
    summary: Any, *, here: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw each layer as a box, its height the map's, its width log of the channels.

    Very low boxes are drawn a little higher, so that a single cell can be seen.

    Args:
        summary: Summary of the network, as ``analysis.model_summary`` returns it.
        here: Name of a row; everything after it is drawn pale ("you are here").
        ax: Axes to draw on; those of a new figure by default.

    Raises:
        ValueError: No row is named ``here``.
    """
    names = [row.name for row in summary.rows]
    if here is not None and here not in names:
        raise ValueError(f"here must be one of {names}, got {here!r}")
    if ax is None:
        width = max(8, 0.62 * len(summary.rows))
        ax = plt.subplots(figsize=(width, 3.4), layout="constrained")[1]
    last = names.index(here) if here is not None else len(names) - 1
    tallest = max(row.output_shape[1] for row in summary.rows)
    position = 0.0
    for number, row in enumerate(summary.rows):
        channels, rows, _ = row.output_shape
        width = 0.25 + 0.09 * channels.bit_length()
        height = max(rows, tallest / 60)
        _draw_box(ax, position, width, height, row, is_done=number <= last)
        position += width + 0.28
    ax.set_xlim(-0.3, position)
    ax.set_ylim(-0.62 * tallest, 0.62 * tallest)
    ax.set_axis_off()
    return ax


def _draw_box(
    ax: Axes, left: float, width: float, height: float, row: Any, *, is_done: bool
) -> None:
    color = "#3b6fb6" if row.parameters else "#b9c3d0"
    alpha = 1.0 if is_done else 0.2
    box = Rectangle((left, -height / 2), width, height, facecolor=color, alpha=alpha)
    ax.add_patch(box)
    middle = left + width / 2
    style = {"ha": "center", "rotation": 90, "fontsize": 8, "alpha": max(alpha, 0.4)}
    layer = f"{row.name}  {row.output_shape[0]}×{row.output_shape[1]}"
    field = "not followed" if row.field is None else f"{row.field.size} px"
    for text, side, anchor in ((layer, -1, "top"), (field, 1, "bottom")):
        ax.annotate(
            text,
            (middle, side * height / 2),
            xytext=(0, 4 * side),
            textcoords="offset points",
            va=anchor,
            **style,
        )
