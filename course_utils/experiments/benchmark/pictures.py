"""Pictures of the stored predictions: all scenes side by side, or one scene large."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from course_utils.arguments import PATH, checked, whole
from course_utils.experiments.benchmark.store import BENCHMARK, Benchmark
from course_utils.experiments.benchmark.systems import SYSTEMS
from course_utils.files import write_whole
from course_utils.labels import IGNORE_INDEX, VOC, label_map_to_rgb
from course_utils.plots.names import name_regions
from course_utils.plots.panels import draw_label_map, panel_grid

_WIDTH = 9.0  # inches, 900 pixels on a screen
_LEFT = 1.15  # inches for the names of the rows


@checked(benchmark=BENCHMARK)
def draw_benchmark(benchmark: Benchmark) -> np.ndarray:
    """Draw the stored predictions: a column for each scene, a row for each system.

    Returns:
        Axes, object, (2 + systems, scenes): images, targets, predictions.

    Raises:
        ValueError: No predictions are stored.
    """
    predictions = _predictions(benchmark)
    images, targets = benchmark.scenes
    rows = {"image": images, "target": targets, **predictions}
    side = (_WIDTH - _LEFT) / len(images)
    figure, axes = plt.subplots(
        len(rows), len(images), figsize=(_WIDTH, side * len(rows)), squeeze=False
    )
    figure.subplots_adjust(
        left=_LEFT / _WIDTH, right=1, bottom=0, top=1, wspace=0.04, hspace=0.04
    )
    for row, (name, panels) in zip(axes, rows.items(), strict=True):
        for ax, panel in zip(row, panels, strict=True):
            ax.imshow(label_map_to_rgb(panel) if panel.ndim == 2 else panel)
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
            if name == "target":
                name_regions(ax, panel, VOC)
        row[0].set_ylabel(_label(name), rotation=0, ha="right", va="center", fontsize=9)
    return axes


@checked(benchmark=BENCHMARK, path=PATH)
def save_picture(benchmark: Benchmark, path: Path) -> None:
    """Save the picture of ``draw_benchmark`` as PNG, in a folder that may be missing.

    Raises:
        ValueError: No predictions are stored.
    """
    figure = draw_benchmark(benchmark)[0, 0].figure
    with write_whole(path) as file:
        figure.savefig(file, format="png", dpi=200)
    plt.close(figure)


@checked(benchmark=BENCHMARK, number=whole(0))
def draw_scene(benchmark: Benchmark, number: int) -> list[Axes]:
    """Draw one scene large: image, target, and the prediction of each system.

    Args:
        benchmark: Results with stored predictions.
        number: Position of the scene among those shown, from 0.

    Returns:
        Axes, titled with the share of wrong pixels.

    Raises:
        ValueError: No predictions are stored.
    """
    predictions = _predictions(benchmark)
    images, targets = benchmark.scenes
    whole(0, len(images) - 1).check("number", number)
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


def _predictions(benchmark: Benchmark) -> Mapping[str, Sequence[np.ndarray]]:
    predictions = benchmark.predictions()
    if not predictions:
        raise ValueError(
            f"predictions must be stored to be drawn, but there are none for "
            f"{benchmark.data} at {benchmark.level}; for drawn scenes, run: "
            "python -m course_utils benchmark --seeds 0"
        )
    return predictions


def _label(name: str) -> str:
    """Write the year below the name of a system."""
    years = {system.title: system.month[0] for system in SYSTEMS}
    words = name.replace(" + ", "\n+ ")
    return f"{words}\n{years[name]}" if name in years else words
