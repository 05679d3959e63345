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


def fit_of(photograph: Path, target: Path) -> tuple[Fit, int]:
    """Compare the sizes of a pair; return how they fit, and the orientation in EXIF."""
    with open_image(photograph) as image:
        orientation, stored = orientation_of(image), image.size
    if orientation == 1:
        return Fit.PLAIN, orientation
    with open_image(target) as image:
        turned = orientation_of(image) in _QUARTER_TURNS
        size = image.size[::-1] if turned else image.size
    shown = stored[::-1] if orientation in _QUARTER_TURNS else stored
    fits = {(True, True): Fit.EITHER, (True, False): Fit.UPRIGHT}
    fits[False, True] = Fit.STORED
    return fits.get((size == shown, size == stored), Fit.PLAIN), orientation


def count_fits(pairs: Iterable[tuple[Path, Path]]) -> Counter[Fit]:
    """Count how the photographs and targets of a data set fit."""
    return Counter(fit_of(*pair)[0] for pair in pairs)
