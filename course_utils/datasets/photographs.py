"""Read a photograph as the course sees it."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
_LARGEST = 64_000_000  # pixels; more is no photograph


def read_photograph(path: Path) -> np.ndarray:
    """Read a picture upright, RGB, uint8, (H, W, 3).

    Raises:
        ValueError: it is no picture, damaged, or absurdly large.
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _LARGEST:
                raise ValueError(f"it has {picture.width}×{picture.height} pixels")
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} can't be read as a picture ({error})") from error
