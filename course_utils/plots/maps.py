"""Feature maps of a network, and gradients with respect to its input."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from course_utils.plots.panels import panel_grid

_MOST_MAPS = 128


def show_receptive_field(
    gradient: ArrayLike,
    *,
    theoretical_box: tuple[float, float, float, float] | None = None,
    mass_side: float | None = None,
    proportion: float = 0.9,
    title: str = "how much one output cell depends on each pixel",
    ax: Axes | None = None,
) -> Axes:
    """Draw an effective receptive field, and the theoretical one around it.

    Args:
        gradient: Gradient of one output cell with respect to the image, floating point,
            (H, W); its magnitude is drawn on a logarithmic scale over four decades.
        theoretical_box: Top, left, bottom, right of the theoretical receptive field,
            half-open, pixels of the image; it may reach beyond the image.
        mass_side: Side of the square around the gradient's center of mass that holds
            ``proportion`` of it, pixels of the image.
        proportion: Proportion of the gradient that the square holds.
        title: Title of the axes.
        ax: Axes to draw on; those of a new figure by default.

    Raises:
        ValueError: ``gradient`` is not (H, W), not finite, or 0 everywhere.
    """
    gradient = np.abs(np.asarray(gradient, dtype=np.float64))
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
        label = f"holds {100 * proportion:.0f} % of the gradient"
        _outline(ax, _square(gradient, mass_side), label, "#009e73", "-")
    if ax.patches:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), frameon=False)
    ax.set(title=title, xlabel="column, pixels", ylabel="row, pixels")
    return ax


def show_feature_maps(
    maps: ArrayLike, *, num_columns: int = 8, titles: Sequence[str] | None = None
) -> list[Axes]:
    """Draw the channels of one feature map, each on its own scale, printed above it.

    Args:
        maps: Feature map, floating point, (C, H, W), at most 128 channels.
        num_columns: Number of panels in a row.
        titles: Titles of the panels; the channel indices by default.

    Returns:
        C axes.

    Raises:
        ValueError: ``maps`` is not (C, H, W) or has too many channels, or there is not
            one title for each.
    """
    maps = np.asarray(maps)
    if maps.ndim != 3:
        raise ValueError(
            f"maps must be (C, H, W), got {maps.shape}; for a batch, take one image"
        )
    if not 1 <= len(maps) <= _MOST_MAPS:
        raise ValueError(
            f"maps must have 1 to {_MOST_MAPS} channels, got {len(maps)}; choose some, "
            "such as maps[:32]"
        )
    titles = [str(k) for k in range(len(maps))] if titles is None else titles
    if len(titles) != len(maps):
        raise ValueError(
            f"titles must be one for each of the {len(maps)} maps, got {len(titles)}"
        )
    num_columns = min(num_columns, len(maps))
    aspect = maps.shape[1] / maps.shape[2]
    num_rows = -(-len(maps) // num_columns)
    axes = panel_grid([aspect] * num_rows, num_columns, least_width=1.0)
    for ax, feature_map, title in zip(axes.flat, maps, titles, strict=False):
        ax.imshow(feature_map, cmap="magma", interpolation="nearest")
        low, high = feature_map.min(), feature_map.max()
        ax.set_title(f"{title}\n{low:.3g} to {high:.3g}", fontsize=7)
    return list(axes.flat[: len(maps)])


def _square(gradient: np.ndarray, side: float) -> tuple[float, float, float, float]:
    """Place a square around the center of mass: top, left, bottom, right."""
    weights = gradient / gradient.sum()
    # A pixel's center is half a pixel from its top and left edges
    row = (weights.sum(axis=1) * np.arange(gradient.shape[0])).sum() + 0.5
    column = (weights.sum(axis=0) * np.arange(gradient.shape[1])).sum() + 0.5
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
