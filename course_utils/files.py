"""Label maps as files."""

from pathlib import Path

import numpy as np
from PIL import Image


def palette_image(label_map: np.ndarray, colors: np.ndarray) -> Image.Image:
    """Make a palette image, whose pixels are class indices and whose palette colors.

    Args:
        label_map: Class indices and void, uint8, (H, W).
        colors: Palette, uint8, (256, 3), as ``labels.colormap`` makes it.
    """
    image = Image.fromarray(label_map)
    image.putpalette(colors.tobytes())
    return image


def write_label_map(path: Path, label_map: np.ndarray, colors: np.ndarray) -> None:
    """Write class indices, uint8, (H, W), as a palette PNG with the classes' colors.

    Args:
        path: File to write.
        label_map: Class indices and void.
        colors: Palette, uint8, (256, 3), as ``labels.colormap`` makes it.
    """
    palette_image(label_map, colors).save(path, "PNG")


def write_colors(path: Path, label_map: np.ndarray, colors: np.ndarray) -> None:
    """Write class indices, uint8, (H, W), as an RGB PNG; arguments as above."""
    Image.fromarray(colors[label_map]).save(path, "PNG")
