"""Draw the wall: one scene after another, one generation below the other."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from course_utils.experiments.benchmark.stored import Wall
from course_utils.experiments.benchmark.systems import SYSTEMS
from course_utils.labels import IGNORE_INDEX, VOC, label_map_to_rgb
from course_utils.plots.names import name_regions
from course_utils.plots.panels import draw_label_map, panel_grid

_WIDTH = 9.0  # inches, 900 pixels on a screen
_LEFT = 1.15  # inches for the names of the rows


def draw_wall(wall: Wall) -> np.ndarray:
    """Draw the stored predictions: a column for each scene, a row for each system.

    Returns:
        The axes, object, (2 + systems, scenes): images, targets, predictions.

    Raises:
        ValueError: no predictions are stored.
    """
    predictions = _predictions(wall)
    images, targets = wall.scenes
    rows = {"image": images, "target": targets, **predictions}
    side = (_WIDTH - _LEFT) / len(images)
    _, axes = plt.subplots(
        len(rows),
        len(images),
        figsize=(_WIDTH, side * len(rows)),
        squeeze=False,
        gridspec_kw={
            "left": _LEFT / _WIDTH,
            "right": 1,
            "bottom": 0,
            "top": 1,
            "wspace": 0.04,
            "hspace": 0.04,
        },
    )
    for row, (name, pictures) in zip(axes, rows.items(), strict=True):
        for ax, picture in zip(row, pictures, strict=True):
            is_map = picture.ndim == 2
            ax.imshow(label_map_to_rgb(picture) if is_map else picture)
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
            if name == "target":
                name_regions(ax, picture, VOC)
        row[0].set_ylabel(_label(name), rotation=0, ha="right", va="center", fontsize=9)
    return axes


def draw_scene(wall: Wall, number: int) -> list[Axes]:
    """Draw one scene large: image, target, and what each generation makes of it.

    Args:
        wall: with stored predictions.
        number: of the scene on the wall, from 0.

    Returns:
        The axes, titled with the share of wrong pixels.

    Raises:
        ValueError: no predictions are stored.
    """
    predictions = _predictions(wall)
    images, targets = wall.scenes
    image, target = images[number], targets[number]
    num_rows = -(-(2 + len(predictions)) // 4)
    axes = panel_grid([image.shape[0] / image.shape[1]] * num_rows, 4).ravel()
    axes[0].imshow(image)
    axes[0].set_title("image", fontsize=9)
    draw_label_map(axes[1], target, "target", VOC)
    for ax, (name, maps) in zip(axes[2:], predictions.items(), strict=False):
        wrong = (maps[number] != target)[target != IGNORE_INDEX].mean()
        title = f"{name}: {100 * wrong:.0f} % wrong"
        draw_label_map(ax, maps[number], title, VOC)
    return list(axes)


def _predictions(wall: Wall) -> Mapping[str, Sequence[np.ndarray]]:
    predictions = wall.predictions()
    if not predictions:
        raise ValueError(
            f"the wall of {wall.data} at {wall.level} must have stored predictions to "
            "be drawn, and has none; python -m course_utils wall --seeds 0 makes them, "
            "of scenes alone"
        )
    return predictions


def _label(name: str) -> str:
    """Write the year below the name of a system."""
    years = {system.title: system.month[0] for system in SYSTEMS}
    words = name.replace(" + ", "\n+ ")
    return f"{words}\n{years[name]}" if name in years else words
