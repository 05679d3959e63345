"""Read image files, and name the file in every error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils.arguments import (
    PATH,
    array,
    checked,
    whole,
)
from course_utils.files import is_read_error

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
_MOST_PIXELS = 64_000_000
_ORIENTATION = 0x0112  # tag of EXIF
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes an image upright, by its orientation in EXIF."""


class UnreadableImageError(ValueError):
    """A file that is no image, or that is damaged or far too large."""


@checked(path=PATH)
@contextmanager
def open_image(path: Path) -> Iterator[Image.Image]:
    """Open an image file; decode and use the image inside the ``with`` block.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, such as for a lack of permission.
        UnreadableImageError: The file is no image, damaged, holds several images, or
            has more than 64 million pixels.
    """
    if path.exists() and not path.is_file():  # reading a pipe would wait for ever
        raise UnreadableImageError(f"{path} can't be read as an image (it is no file)")
    try:
        with Image.open(path) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ValueError(f"it has {image.width}×{image.height} pixels")
            if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
                raise ValueError(f"it holds {image.n_frames} images, not one")
            yield image
    # PIL raises a SyntaxError for a broken PNG
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if is_read_error(error):
            raise
        message = f"{path} can't be read as an image ({error})"
        raise UnreadableImageError(message) from error


def read_photograph(path: Path) -> np.ndarray:
    """Read a photograph upright, RGB, uint8, (H, W, 3).

    It is turned as its orientation in EXIF says. Gray levels of 16 bits are scaled from
    0 to 65535, floating-point ones from 0 to 1; what is transparent becomes white.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, such as for a lack of permission.
        ValueError: The file is no image, damaged, has more than 64 million pixels, or
            gray levels that are neither of 8 bits nor of the ranges above.
    """
    return np.asarray(open_photograph(path)[0])


def open_photograph(path: Path) -> tuple[Image.Image, int]:
    """Read a photograph as ``read_photograph`` does, and its orientation in EXIF.

    Returns:
        The photograph upright, RGB, and how it was turned, from 1 (not at all) to 8.
    """
    with open_image(path) as image:
        image.load()
        orientation = orientation_of(image)
    return upright(_as_rgb(image, path), orientation), orientation


def orientation_of(image: Image.Image) -> int:
    """Read the orientation in EXIF, from 1 (upright) to 8."""
    orientation = image.getexif().get(_ORIENTATION, 1)
    return orientation if orientation in _TURNS else 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turn an image, or a target drawn on it as it is stored, as EXIF says."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _as_rgb(image: Image.Image, path: Path) -> Image.Image:
    """Convert to RGB, 8 bits; ``Image.convert`` clips what has more."""
    if image.mode == "F" or image.mode.startswith("I"):
        return Image.fromarray(_as_bytes(np.asarray(image), path)).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _as_bytes(levels: np.ndarray, path: Path) -> np.ndarray:
    """Scale gray levels of more than 8 bits to uint8."""
    low, high = float(levels.min()), float(levels.max())
    if np.issubdtype(levels.dtype, np.floating):
        needed, top = "floating-point gray levels from 0 to 1", 1.0
        is_good = 0 <= low <= high <= top  # False for nan
    else:
        needed, top = "16-bit gray levels that reach beyond 4095", 65535.0
        is_good = low >= 0 and 4096 <= high <= top
    if not is_good:
        raise ValueError(
            f"{path} must hold {needed}, got {low:g} to {high:g}; convert it to 8 bits"
        )
    return (levels * (255 / top)).round().astype(np.uint8)


@checked(image=array("H W 3", "uint8"), longer_side=whole(1))
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
