"""The camera: turns the canvas into an image with tint, vignette, blur and noise."""

import math

import numpy as np
from PIL import ImageFilter

from course_utils.datasets.scenes.canvas import Canvas


def _vignette(size: tuple[int, int], strength: float, center: float) -> np.ndarray:
    """Compute a gain that falls off towards the corners, float32, (H, W)."""
    x = (np.arange(size[0], dtype=np.float32) / size[0] - center) * 2
    y = (np.arange(size[1], dtype=np.float32) / size[1] - 0.5) * 2
    return 1 - strength * (x[None, :] * x[None, :] + y[:, None] * y[:, None]) / 2


def take_photograph(canvas: Canvas, seed: int) -> np.ndarray:
    """Reduce the canvas to the image, RGB, uint8, (H, W, 3)."""
    rng = np.random.Generator(np.random.PCG64([seed, 2]))
    small = canvas.picture.reduce(canvas.zoom)
    blur = rng.uniform(0.2, 0.5) * math.sqrt(min(small.size) / 128)
    soft = small.filter(ImageFilter.GaussianBlur(blur))
    light = _vignette(small.size, rng.uniform(0.1, 0.3), rng.uniform(0.4, 0.6))
    tint = np.array(canvas.daylight.tint, dtype=np.float32) * rng.uniform(0.94, 1.06)
    grain = int(rng.integers(3, 7))
    # The sum of two uniform integers is close to normal, and equal on every machine
    noise = rng.integers(
        -grain, grain + 1, size=(2, *soft.size[::-1], 3), dtype=np.int16
    )
    colors = np.asarray(soft, dtype=np.float32) * light[..., None]
    colors = colors * tint.astype(np.float32) + noise.sum(axis=0)
    return np.clip(colors, 0, 255).astype(np.uint8)


def equalize(image: np.ndarray, masks: list[np.ndarray]) -> None:
    """Copy the pixels under the first mask to the others, which have its shape.

    Noise and light differ over the image; after this, equal objects are bit-equal.
    """
    for mask in masks[1:]:
        image[mask] = image[masks[0]]
