"""Write a file whole or not at all; label maps as PNG."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from course_utils.arguments import PATH, array, checked

_MAP = {"label_map": array("H W", "uint8"), "colors": array("256 3", "uint8")}


@checked(path=PATH)
@contextlib.contextmanager
def write_whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that appears once it is complete.

    The bytes go to a hidden file beside it (``*.tmp``), which takes its place when they
    are on the disk. After an error or an interruption the older file is still there.

    Args:
        path: File to write; its folder is made where it is missing.

    Yields:
        Binary file to write to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@checked(**_MAP)
def palette_image(label_map: np.ndarray, colors: np.ndarray) -> Image.Image:
    """Make a palette image, whose pixels are class indices, of a label map.

    Args:
        label_map: Class indices and void, uint8, (H, W).
        colors: Palette, uint8, (256, 3), as ``labels.colormap`` makes it.
    """
    image = Image.fromarray(label_map)
    image.putpalette(colors.tobytes())
    return image


@checked(path=PATH, **_MAP)
def write_label_map(path: Path, label_map: np.ndarray, colors: np.ndarray) -> None:
    """Write a label map as a palette PNG; arguments as in ``palette_image``."""
    with write_whole(path) as file:
        palette_image(label_map, colors).save(file, "PNG")


@checked(path=PATH, **_MAP)
def write_colors(path: Path, label_map: np.ndarray, colors: np.ndarray) -> None:
    """Write a label map as an RGB PNG; arguments as in ``palette_image``."""
    with write_whole(path) as file:
        Image.fromarray(colors[label_map]).save(file, "PNG")
