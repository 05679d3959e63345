"""Read image files, and name the file in every error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from course_utils.arguments import PATH, checked

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
_MOST_PIXELS = 64_000_000


@checked(path=PATH)
@contextmanager
def open_image(path: Path) -> Iterator[Image.Image]:
    """Open an image file; decode and use the image inside the ``with`` block.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is no image, damaged, or has more than 64 million pixels.
    """
    if path.exists() and not path.is_file():  # reading a pipe would wait for ever
        raise ValueError(f"{path} must be an image file, but is none")
    try:
        with Image.open(path) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ValueError(f"it has {image.width}×{image.height} pixels")
            yield image
    except FileNotFoundError:
        raise
    # PIL raises a SyntaxError for a broken PNG
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} can't be read as an image ({error})") from error


def read_photograph(path: Path) -> np.ndarray:
    """Read a photograph upright, RGB, uint8, (H, W, 3).

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is no image, damaged, or has more than 64 million pixels.
    """
    with open_image(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
