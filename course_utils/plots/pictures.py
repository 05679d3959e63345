"""Images beside their label maps."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch
from numpy.typing import ArrayLike

from course_utils.arguments import Rule, a, checked, each, named, whole
from course_utils.labels import IGNORE_INDEX, VOC, LabelSet, label_map_to_rgb
from course_utils.plots.names import name_regions
from course_utils.plots.panels import (
    as_panels,
    draw,
    draw_label_map,
    panel_grid,
)

_WRONG_COLOR = "#ff6a00"
_VOID_COLOR = "#f2ecd8"

_ANY = Rule("an image or label map", lambda value: True)  # as_panels looks at it
_SEVERAL = each(_ANY, least=0)
_LABEL_SET = a("LabelSet", advice="such as labels.VOC")


@checked(label_set=_LABEL_SET)
def show_errors(
    image: ArrayLike,
    target: ArrayLike,
    prediction: ArrayLike,
    *,
    label_set: LabelSet = VOC,
) -> list[Axes]:
    """Draw an image, its target, its prediction and the errors; return the four axes.

    The errors are drawn on a darkened, gray copy of the image: wrong pixels in orange,
    void in cream. The title is the percentage of wrong pixels, not counting void.

    Args:
        image: RGB image, uint8 or float in [0, 1]; undo the normalization first.
        target: Class indices and void, (H, W).
        prediction: Class indices, (H, W).
        label_set: Label set whose colors and names to use.

    Raises:
        TypeError: A label map does not hold integers.
        ValueError: The sizes differ, or the image has values outside [0, 1].
    """
    rgb, (target, prediction) = as_panels(
        image, {"target": target, "prediction": prediction}
    )
    axes = list(panel_grid([rgb.shape[0] / rgb.shape[1]], 4)[0])
    draw(axes[0], rgb, "image")
    draw_label_map(axes[1], target, "target", label_set)
    draw_label_map(axes[2], prediction, "prediction", label_set)
    void = target == IGNORE_INDEX
    wrong = (target != prediction) & ~void
    panel = np.repeat(0.5 * rgb.mean(axis=2, keepdims=True), 3, axis=2)
    panel[wrong] = to_rgb(_WRONG_COLOR)
    panel[void] = to_rgb(_VOID_COLOR)
    counted = (~void).sum()
    title = f"{100 * wrong.sum() / counted:.1f} % wrong" if counted else "all void"
    draw(axes[3], panel, title)
    axes[3].legend(
        handles=[
            Patch(facecolor=_WRONG_COLOR, edgecolor="black", label="wrong"),
            Patch(facecolor=_VOID_COLOR, edgecolor="black", label="void, not counted"),
        ],
        loc="upper center",
        bbox_to_anchor=(0.5, -0.01),
        ncols=2,
        frameon=False,
        fontsize=7,
        handlelength=1,
        columnspacing=1,
    )
    return axes


@checked(
    images=_SEVERAL,
    targets=_SEVERAL,
    predictions=named(_SEVERAL, least=0),
    label_set=_LABEL_SET,
)
def comparison_wall(
    images: Sequence[ArrayLike],
    targets: Sequence[ArrayLike],
    predictions: Mapping[str, Sequence[ArrayLike]],
    *,
    label_set: LabelSet = VOC,
) -> np.ndarray:
    """Draw a row for each image: the image, its target, and each model's prediction.

    Args:
        images: RGB images, uint8 or float in [0, 1], of any sizes.
        targets: Label map for each image.
        predictions: Label map for each image, by model name.
        label_set: Label set whose colors and names to use.

    Returns:
        The axes, object, (images, 2 + models).

    Raises:
        ValueError: There are no images, or more or fewer label maps than images.
    """
    columns = {"target": targets, **predictions}
    _check_numbers(images, columns)
    rows = [
        as_panels(image, {name: maps[k] for name, maps in columns.items()})
        for k, image in enumerate(images)
    ]
    axes = panel_grid(
        [rgb.shape[0] / rgb.shape[1] for rgb, _ in rows],
        1 + len(columns),
        title_every_row=False,
    )
    for k, (rgb, maps) in enumerate(rows):
        draw(axes[k, 0], rgb, "image" if k == 0 else "")
        for ax, name, label_map in zip(axes[k, 1:], columns, maps, strict=True):
            draw_label_map(ax, label_map, name if k == 0 else "", label_set)
    return axes


@checked(images=_SEVERAL, targets=_SEVERAL, num_columns=whole(1), label_set=_LABEL_SET)
def show_pairs(
    images: Sequence[ArrayLike],
    targets: Sequence[ArrayLike],
    *,
    num_columns: int = 4,
    label_set: LabelSet = VOC,
) -> np.ndarray:
    """Draw images in a grid, with the colors and names of their classes on them.

    Args:
        images: RGB images, uint8 or float in [0, 1], of any sizes.
        targets: Label map for each image.
        num_columns: Number of pairs in a row.
        label_set: Label set whose colors and names to use.

    Returns:
        The axes, object, (rows, columns); the titles are the indices of the images.

    Raises:
        ValueError: There are no images, or more or fewer label maps than images.
    """
    _check_numbers(images, {"targets": targets})
    pairs = [
        as_panels(image, {"target": target})
        for image, target in zip(images, targets, strict=True)
    ]
    num_columns = min(num_columns, len(pairs))
    rows = [pairs[k : k + num_columns] for k in range(0, len(pairs), num_columns)]
    axes = panel_grid(
        [max(rgb.shape[0] / rgb.shape[1] for rgb, _ in row) for row in rows],
        num_columns,
    )
    for k, (ax, (rgb, (target,))) in enumerate(zip(axes.flat, pairs, strict=False)):
        colors = label_map_to_rgb(target, label_set).astype(np.float32) / 255
        draw(ax, 0.5 * rgb + 0.5 * colors, str(k))
        name_regions(ax, target, label_set)
    return axes


def _check_numbers(
    images: Sequence[ArrayLike], columns: Mapping[str, Sequence[ArrayLike]]
) -> None:
    """Refuse columns that hold more or fewer label maps than there are images."""
    if len(images) == 0:
        raise ValueError("images must hold at least one image, got none")
    for name, maps in columns.items():
        if len(maps) != len(images):
            raise ValueError(
                f"{name} must hold a label map for each of the {len(images)} images, "
                f"got {len(maps)}"
            )
