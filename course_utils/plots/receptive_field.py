"""What a cell of a network sees: gradients with respect to its input."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike
from scipy import ndimage

from course_utils.arguments import TEXT, a, checked, each, number, optional
from course_utils.plots.panels import as_array

_BOX = each(number()).also(
    "top, left, bottom and right, in this order",
    lambda box: len(box) == 4 and box[0] < box[2] and box[1] < box[3],
)


@checked(
    theoretical_box=optional(_BOX),
    mass_side=optional(number(above=0)),
    title=TEXT,
    ax=optional(a("Axes")),
)
def show_receptive_field(
    gradient: ArrayLike,
    *,
    theoretical_box: tuple[float, float, float, float] | None = None,
    mass_side: float | None = None,
    title: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw an effective receptive field, and the theoretical one around it.

    Args:
        gradient: Gradient of one output cell with respect to the image, floating point,
            (H, W); its magnitude is drawn on a logarithmic scale over four decades.
        theoretical_box: Top, left, bottom, right of the theoretical receptive field,
            half-open, pixels of the image; it may reach beyond the image.
        mass_side: Side of the square around the gradient's center of mass that holds
            90 % of it, pixels of the image.
        title: Title of the axes.
        ax: Axes to draw on; those of a new figure by default.

    Raises:
        ValueError: ``gradient`` is not (H, W), not finite, or 0 everywhere.
    """
    gradient = np.abs(as_array("gradient", gradient).astype(np.float64))
    if gradient.ndim != 2:
        raise ValueError(
            f"gradient must be (H, W), got {gradient.shape}; average over the channels"
        )
    if not np.isfinite(gradient).all() or gradient.max() == 0:
        raise ValueError(
            "gradient must be finite and not 0 everywhere; check that the cell "
            "depends on the image"
        )
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 4.8), layout="constrained")
    drawn = ax.imshow(
        np.maximum(gradient / gradient.max(), 1e-4),
        norm=LogNorm(1e-4, 1),
        cmap="magma",
        interpolation="nearest",
    )
    label = "gradient, as a proportion of the largest"
    ax.figure.colorbar(drawn, ax=ax, label=label, shrink=0.9, extend="min")
    if theoretical_box is not None:
        _outline(ax, theoretical_box, "theoretical", "#56b4e9", "--")
    if mass_side is not None:
        square = _square(gradient, mass_side)
        _outline(ax, square, "holds 90 % of the gradient", "#009e73", "-")
    if ax.patches:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), frameon=False)
    ax.set(title=title, xlabel="column, pixels", ylabel="row, pixels")
    return ax


def _square(gradient: np.ndarray, side: float) -> tuple[float, float, float, float]:
    """Place a square around the center of mass: top, left, bottom, right."""
    # A pixel's center is half a pixel from its top and left edges
    row, column = np.add(ndimage.center_of_mass(gradient), 0.5)
    return row - side / 2, column - side / 2, row + side / 2, column + side / 2


def _outline(
    ax: Axes,
    box: tuple[float, float, float, float],
    label: str,
    color: str,
    linestyle: str,
) -> None:
    """Draw a box and widen the axes to it."""
    top, left, bottom, right = box
    size = f"{bottom - top:.0f}x{right - left:.0f} pixels"
    # imshow puts pixel centers at integers, so the first edge is at -0.5
    corner = left - 0.5, top - 0.5
    ax.add_patch(
        Rectangle(
            corner,
            right - left,
            bottom - top,
            fill=False,
            edgecolor=color,
            linestyle=linestyle,
            linewidth=2,
            label=f"{label}, {size}",
        )
    )
    (x0, x1), (y1, y0) = ax.get_xlim(), ax.get_ylim()
    margin = 0.02 * (right - left)
    ax.set_xlim(min(x0, left - 0.5 - margin), max(x1, right - 0.5 + margin))
    ax.set_ylim(max(y1, bottom - 0.5 + margin), min(y0, top - 0.5 - margin))
