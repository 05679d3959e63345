"""Class names on the regions of a label map, so that color is not the only cue."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from scipy import ndimage

from course_utils.labels import IGNORE_INDEX, LabelSet


def name_regions(ax: Axes, label_map: np.ndarray, label_set: LabelSet) -> None:
    """Write the name of its class on each region that has room for it.

    A name is written where its region is deepest. If that place is too small or taken,
    the name of a class's deepest region goes above or below it, on void or background.
    Void and background are not named, nor are regions whose name would cover that of a
    deeper region or have its middle on another class.

    Args:
        ax: Axes on which the label map, or its image, is drawn.
        label_map: Class indices and void, (H, W).
        label_set: Label set whose names to use; other values are named "no class 37".
    """
    height, width = label_map.shape
    panel = ax.get_window_extent()
    scale = min(panel.width / width, panel.height / height)  # dots per image pixel
    font_size = float(np.clip(3 * panel.width / ax.figure.dpi, 6, 9))
    em = font_size * ax.figure.dpi / 72 / scale  # in pixels of the image
    taken: list[tuple[float, float, float]] = []
    for rows, column, class_index in _places(label_map, 1.2 * em):
        name = _name_of(class_index, label_set)
        half = 0.3 * len(name) * em  # about half of the name's width
        column = float(np.clip(column, half, max(width - 1 - half, half)))
        free = [
            row
            for row in rows
            if 0.6 * em <= row <= height - 1 - 0.6 * em
            and _name_of(label_map[round(row), round(column)], label_set)
            in (name, "background", "")
            and all(
                abs(row - r) > 1.2 * em or abs(column - c) > half + h
                for r, c, h in taken
            )
        ]
        if free and name != "background":
            taken.append((free[0], column, half))
            _write(ax, free[0], column, name, font_size)


def _name_of(value: int, label_set: LabelSet) -> str:
    """Return the class name of a pixel's value; empty for void."""
    if value == IGNORE_INDEX:
        return ""
    known = value < label_set.num_classes
    return label_set.names[value] if known else f"no class {value}"


def _places(
    label_map: np.ndarray, high: float
) -> Iterator[tuple[list[float], float, int]]:
    """Yield possible rows, column and class of each name, ``high`` pixels in height.

    The deepest region comes first.
    """
    seen: set[int] = set()
    for depth, row, column, class_index in _deepest_points(label_map):
        rows = [float(row)] if 2 * depth >= high else []
        if class_index not in seen and depth >= 2:  # 1: specks and outlines
            rows += [row - depth - 0.6 * high, row + depth + 0.6 * high]
        seen.add(class_index)
        yield rows, column, class_index


def _deepest_points(label_map: np.ndarray) -> list[tuple[float, int, int, int]]:
    """List depth, row, column and class of each region's deepest pixel, deepest first.

    The depth is the distance to the nearest pixel outside the region, in pixels; beyond
    the edge of the image is outside.
    """
    points = []
    for class_index in np.unique(label_map[label_map != IGNORE_INDEX]):
        inside = label_map == class_index
        depths = ndimage.distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
        regions, number = ndimage.label(inside)
        places = ndimage.maximum_position(depths, regions, range(1, number + 1))
        points += [(depths[p], *map(int, p), int(class_index)) for p in places]
    return sorted(points, reverse=True)


def _write(ax: Axes, row: float, column: float, name: str, font_size: float) -> None:
    """Write white letters with a dark outline, readable on any color."""
    text = ax.text(
        column,
        row,
        name,
        color="white",
        fontsize=font_size,
        ha="center",
        va="center",
        clip_on=True,
        path_effects=[withStroke(linewidth=2, foreground="black")],
    )
    text.set_in_layout(False)
