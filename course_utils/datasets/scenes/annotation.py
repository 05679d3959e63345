"""Read off the truth: which object each final pixel shows, and where void is."""

import numpy as np
from PIL import Image
from scipy import ndimage

from course_utils.labels import IGNORE_INDEX

ENOUGH = 96
"""Share of a pixel, of 255, that makes it the object's: thin things have under half."""


def pixel_shares(mask: np.ndarray, zoom: int) -> np.ndarray:
    """How much of each final pixel a mask covers, uint8 (255: all of it).

    Args:
        mask: bool, (zH, zW).
        zoom: canvas pixels of one final pixel.
    """
    return np.asarray(Image.fromarray(mask.view(np.uint8) * 255).reduce(zoom))


def reduce_owners(owners: np.ndarray, zoom: int) -> np.ndarray:
    """Give each final pixel to the nearest object that covers enough of it.

    Args:
        owners: uint8, (zH, zW); 0 is background, larger is nearer.
        zoom: canvas pixels of one final pixel.

    Returns:
        Owners, uint8, (H, W).
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
    """Largest owner within ``radius`` steps of each pixel."""
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
    it. An object behind that would lose more than a quarter of its pixels loses none:
    no tiny or thin thing is swallowed.
    """
    border = _spread(owners, width) > owners
    area = np.bincount(owners.ravel(), minlength=256)
    lost = np.bincount(owners[border], minlength=256)
    spared = 4 * lost > area
    spared[0] = False
    return border & ~spared[owners]


def find_box(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of the true pixels; bottom and right are outside."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def label_instances(
    owners: np.ndarray, border: np.ndarray
) -> tuple[np.ndarray, list[int]]:
    """Number the owners that are still to be seen from 1; void is 255.

    Returns:
        Instances, uint8, (H, W), and the former number of each.
    """
    visible = [int(k) for k in np.unique(owners[~border]) if k]
    numbers = np.zeros(256, dtype=np.uint8)
    numbers[visible] = np.arange(1, len(visible) + 1)
    instances = numbers[owners]
    instances[border] = IGNORE_INDEX
    return instances, visible
