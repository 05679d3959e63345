"""Panels of images and label maps: checked arrays, and a grid to draw them on."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from course_utils.labels import IGNORE_INDEX, LabelSet, label_map_to_rgb
from course_utils.plots.names import name_regions

WIDTH = 9.0
"""Width of a figure, in inches: 900 pixels at 100 dots per inch."""

_TITLE_HEIGHT = 0.3
"""Height of the line above a panel, in inches."""


def _as_rgb(image: ArrayLike) -> np.ndarray:
    """Return an image as float32 in [0, 1], (H, W, 3).

    Raises:
        TypeError: The image is neither uint8 nor floating point.
        ValueError: The shape is not that of an RGB image, or a value is outside [0, 1].
    """
    image = np.asarray(image)
    if image.ndim == 3 and image.shape[0] == 3 != image.shape[2]:
        image = image.transpose(1, 2, 0)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(
            f"image must be RGB, (H, W, 3) or (3, H, W), got {image.shape}; "
            "for a batch, take one image"
        )
    if image.dtype == np.uint8:
        return image.astype(np.float32) / 255
    if not np.issubdtype(image.dtype, np.floating):
        raise TypeError(f"image must be uint8 or float in [0, 1], got {image.dtype}")
    low, high = image.min(), image.max()
    if not -1e-3 <= low <= high <= 1 + 1e-3:  # resizing leaves rounding errors
        raise ValueError(
            f"image must be float in [0, 1], got {low:.3g} to {high:.3g}; undo the "
            "normalization first (transforms.denormalize), or divide gray levels by 255"
        )
    return image.astype(np.float32).clip(0, 1)


def _as_label_map(name: str, label_map: ArrayLike) -> np.ndarray:
    """Return a label map as int64, (H, W).

    Raises:
        TypeError: The map does not hold integers.
        ValueError: The map is not (H, W), or a value is outside 0 to 255.
    """
    label_map = np.asarray(label_map)
    if not np.issubdtype(label_map.dtype, np.integer):
        raise TypeError(
            f"{name} must hold integer class indices, got {label_map.dtype}; "
            "for logits, take argmax over the classes first"
        )
    if label_map.ndim != 2:
        raise ValueError(
            f"{name} must be (H, W), got {label_map.shape}; for a batch, take one map"
        )
    low, high = label_map.min(), label_map.max()
    if low < 0 or high > IGNORE_INDEX:
        raise ValueError(
            f"{name} must hold class indices or {IGNORE_INDEX} for void, got {low} to "
            f"{high}"
        )
    return label_map.astype(np.int64)


def as_panels(
    image: ArrayLike, label_maps: dict[str, ArrayLike]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Check an image and its label maps, given by name.

    Raises:
        TypeError: A label map does not hold integers, or the image has another type.
        ValueError: The sizes differ, or an array can't be drawn.
    """
    rgb = _as_rgb(image)
    maps = [_as_label_map(name, label_map) for name, label_map in label_maps.items()]
    for name, label_map in zip(label_maps, maps, strict=True):
        if label_map.shape != rgb.shape[:2]:
            raise ValueError(
                f"{name} must have the image's size {rgb.shape[:2]} (height, width), "
                f"got {label_map.shape}"
            )
    return rgb, maps


def panel_grid(
    aspects: Sequence[float],
    num_columns: int,
    *,
    least_width: float = 1.5,
    title_every_row: bool = True,
) -> np.ndarray:
    """Make a figure with one row of panels for each aspect.

    Args:
        aspects: Height over width of the images in each row.
        num_columns: Number of panels in a row.
        least_width: Smallest width of a panel, in inches; many columns make the figure
            wider.
        title_every_row: True to leave space for a title above every row, False above
            the first alone.

    Returns:
        The axes, object, (rows, columns), without frames or ticks.
    """
    width = max(WIDTH / num_columns, least_width)
    heights = [
        width * aspect + _TITLE_HEIGHT * (row == 0 or title_every_row)
        for row, aspect in enumerate(aspects)
    ]
    figure, axes = plt.subplots(
        len(aspects),
        num_columns,
        figsize=(width * num_columns, sum(heights)),
        layout="constrained",
        squeeze=False,
        gridspec_kw={"height_ratios": aspects},  # without titles
    )
    figure.get_layout_engine().set(w_pad=0.03, h_pad=0.03, wspace=0, hspace=0)
    for ax in axes.flat:
        ax.set_axis_off()
        ax.set_anchor("N")  # aligns the tops of a row
    return axes


def given_axes(axes: Sequence[Axes], number: int) -> list[Axes]:
    """List the axes that a caller passed, and remove their frames and ticks.

    Raises:
        ValueError: There are more or fewer than ``number``.
    """
    chosen = list(np.ravel(np.asarray(axes, dtype=object)))
    if len(chosen) != number:
        raise ValueError(f"axes must be {number} axes, got {len(chosen)}")
    for ax in chosen:
        ax.set_axis_off()
    return chosen


def draw(ax: Axes, image: np.ndarray, title: str) -> None:
    """Draw an RGB image under its title."""
    ax.imshow(image, interpolation="nearest")  # never blend two class colors
    ax.set_title(title, fontsize=9)


def draw_label_map(
    ax: Axes, label_map: np.ndarray, title: str, label_set: LabelSet
) -> None:
    """Draw a label map in the colors of its classes, with their names."""
    draw(ax, label_map_to_rgb(label_map, label_set), title)
    name_regions(ax, label_map, label_set)
