"""Annotate a scene: which object each pixel shows, and where void is."""

import numpy as np
from PIL import Image
from scipy import ndimage

from course_utils.labels import IGNORE_INDEX

ENOUGH = 96
"""Share of a pixel that an object must cover to get it, of 255; below half, so that
thin objects keep theirs."""


def pixel_shares(mask: np.ndarray, zoom: int) -> np.ndarray:
    """Measure how much of each image pixel a mask covers, uint8 (255: all of it).

    Args:
        mask: Mask on the canvas, bool, (zoom · H, zoom · W).
        zoom: Side of an image pixel, in canvas pixels.
    """
    return np.asarray(Image.fromarray(mask.view(np.uint8) * 255).reduce(zoom))


def reduce_owners(owners: np.ndarray, zoom: int) -> np.ndarray:
    """Give each image pixel to the nearest object that covers enough of it.

    Args:
        owners: Owners on the canvas, uint8, (zoom · H, zoom · W); 0 is background,
            larger is nearer.
        zoom: Side of an image pixel, in canvas pixels.

    Returns:
        Owners in the image, uint8, (H, W).
    """
    small = np.zeros((owners.shape[0] // zoom, owners.shape[1] // zoom), dtype=np.uint8)
    for index, place in enumerate(ndimage.find_objects(owners)):
        if place is None:
            continue
        rows, columns = (slice(s.start // zoom, -(-s.stop // zoom)) for s in place)
        window = tuple(slice(s.start * zoom, s.stop * zoom) for s in (rows, columns))
        share = pixel_shares(owners[window] == index + 1, zoom)
        small[rows, columns][share >= ENOUGH] = index + 1
    return small


def _spread(owners: np.ndarray, radius: int) -> np.ndarray:
    """Find the largest owner within ``radius`` steps of each pixel."""
    largest = owners.copy()
    for _ in range(radius):
        padded = np.pad(largest, 1)
        for window in (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2]):
            np.maximum(largest, window, out=largest)
        np.maximum(largest, padded[1:-1, 2:], out=largest)
    return largest


def void_border(owners: np.ndarray, width: int) -> np.ndarray:
    """Mark the pixels just outside each object, bool, (H, W).

    Owners count from the farthest, so the border of an object lies on what is behind
    it. Where that is an object that would lose more than a quarter of its pixels, it
    loses none, so that void never swallows a tiny or thin object.
    """
    border = _spread(owners, width) > owners
    area = np.bincount(owners.ravel(), minlength=256)
    lost = np.bincount(owners[border], minlength=256)
    spared = 4 * lost > area
    spared[0] = False
    return border & ~spared[owners]


def label_instances(
    owners: np.ndarray, border: np.ndarray
) -> tuple[np.ndarray, list[int]]:
    """Number the owners that are visible from 1; void is 255.

    Returns:
        Instances, uint8, (H, W), and the owner that each of them was.
    """
    visible = [int(k) for k in np.unique(owners[~border]) if k]
    numbers = np.zeros(256, dtype=np.uint8)
    numbers[visible] = np.arange(1, len(visible) + 1)
    instances = numbers[owners]
    instances[border] = IGNORE_INDEX
    return instances, visible
