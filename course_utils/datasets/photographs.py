"""Read image files, and name the file in every error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from course_utils.files import is_read_error

_MOST_PIXELS = 64_000_000


@contextmanager
def open_image(path: Path) -> Iterator[Image.Image]:
    """Open an image file; decode and use the image inside the ``with`` block.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, for a reason that says nothing of its content.
        ValueError: The file is no image, damaged, or has more than 64 million pixels.
    """
    try:
        with Image.open(path) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ValueError(f"it has {image.width}×{image.height} pixels")
            yield image
    # PIL raises a SyntaxError for a broken PNG
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if is_read_error(error):
            raise
        raise ValueError(f"{path} can't be read as an image ({error})") from error


def read_photograph(path: Path) -> np.ndarray:
    """Read a photograph upright, RGB, uint8, (H, W, 3).

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, for a reason that says nothing of its content.
        ValueError: The file is no image, damaged, or has more than 64 million pixels.
    """
    with open_image(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def scale_photograph(image: np.ndarray, longer_side: int) -> np.ndarray:
    """Scale a photograph bilinearly, as ``course_data`` scales what models train on.

    Args:
        image: RGB, uint8, (H, W, 3).
        longer_side: Larger of H' and W', pixels.

    Returns:
        RGB, uint8, (H', W', 3), of the same shape but for rounding.
    """
    height, width = image.shape[:2]
    scale = longer_side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # With averages over all pixels where it shrinks
    scaled = Image.fromarray(image).resize(size, Image.Resampling.BILINEAR)
    return np.array(scaled)
