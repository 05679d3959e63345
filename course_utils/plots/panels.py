"""Panels of images and label maps: checked arrays, and a grid to draw them on."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from course_utils.arguments import shown
from course_utils.labels import LabelSet, as_label_map, label_map_to_rgb
from course_utils.plots.names import name_regions

WIDTH = 9.0
"""Width of a figure, in inches: 900 pixels at 100 dots per inch."""

_LEAST_WIDTH = 1.5
"""Smallest width of a panel, in inches; many columns make the figure wider."""
_TITLE_HEIGHT = 0.3
"""Height of the line above a panel, in inches."""


def _as_rgb(image: ArrayLike) -> np.ndarray:
    """Check an RGB image; return it as float32 in [0, 1], (H, W, 3)."""
    image = as_array("image", image)
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


def as_array(name: str, value: ArrayLike) -> np.ndarray:
    """Make an array of numbers of what is given, and refuse what is none.

    Raises:
        TypeError: It can't be made, or is empty.
    """
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        array = np.empty(0)
        problem = f" ({error})"
    else:
        problem = ""
    if array.size == 0 or array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} must be an array of numbers, got {shown(value)}{problem}; for a "
            "tensor, take tensor.detach().cpu()"
        )
    return array


def as_panels(
    image: ArrayLike, label_maps: dict[str, ArrayLike]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Check an image and its label maps, given by name."""
    rgb = _as_rgb(image)
    arrays = {name: as_array(name, given) for name, given in label_maps.items()}
    maps = {name: as_label_map(name, given) for name, given in arrays.items()}
    for name, label_map in maps.items():
        if label_map.shape != rgb.shape[:2]:
            raise ValueError(
                f"{name} must have the image's size {rgb.shape[:2]} (height, width), "
                f"got {label_map.shape}"
            )
    return rgb, list(maps.values())


def panel_grid(
    aspects: Sequence[float],
    num_columns: int,
    *,
    title_every_row: bool = True,
) -> np.ndarray:
    """Make a figure with one row of panels for each aspect.

    Args:
        aspects: Height over width of the images in each row.
        num_columns: Number of panels in a row.
        title_every_row: True to leave space for a title above every row, False above
            the first alone.

    Returns:
        The axes, object, (rows, columns), without frames or ticks.
    """
    width = max(WIDTH / num_columns, _LEAST_WIDTH)
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
