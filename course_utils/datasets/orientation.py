"""Whether targets were drawn on photographs as EXIF turns them, or as they are stored.

Phones store a photograph as the sensor saw it and note in EXIF how to turn it. Most
labeling tools turn it, some don't.
"""

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from course_utils.datasets.photographs import open_image, orientation_of

_QUARTER_TURNS = (5, 6, 7, 8)  # exchange height and width


class Fit(Enum):
    """How the size of a target fits its photograph."""

    PLAIN = "there is nothing to turn, or no size fits"
    UPRIGHT = "fits the photograph only as EXIF turns it"
    STORED = "fits the photograph only as it is stored"
    EITHER = "fits both, since the photograph is square or turned by 180 degrees"


def fit_of(orientation: int, shown: tuple[int, int], target: tuple[int, int]) -> Fit:
    """Compare the sizes of a pair.

    Args:
        orientation: Orientation of the photograph in EXIF, from 1 to 8.
        shown: Width and height of the upright photograph, pixels.
        target: Width and height of its target, pixels.
    """
    stored = shown[::-1] if orientation in _QUARTER_TURNS else shown
    if orientation == 1 or target not in (shown, stored):
        return Fit.PLAIN
    if shown == stored:
        return Fit.EITHER
    return Fit.UPRIGHT if target == shown else Fit.STORED


def count_fits(pairs: Iterable[tuple[Path, Path]]) -> Counter[Fit]:
    """Count how photographs and targets fit; only the heads of the files are read."""
    fits = Counter()
    for photograph, target in pairs:
        orientation, shown = _read_head(photograph)
        if orientation != 1:
            fits[fit_of(orientation, shown, _read_head(target)[1])] += 1
    return fits


def _read_head(path: Path) -> tuple[int, tuple[int, int]]:
    """Read the orientation of an image, and its width and height once upright."""
    with open_image(path) as image:
        orientation, size = orientation_of(image), image.size
    return orientation, size[::-1] if orientation in _QUARTER_TURNS else size
