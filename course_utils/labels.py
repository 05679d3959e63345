"""Class names, indices, colors and void of VOC and CamVid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from course_utils.arguments import (
    NAME,
    TEXT,
    a,
    check_all,
    checked,
    each,
    shown,
    whole,
)

IGNORE_INDEX = 255
"""Class index of void: pixels that are neither trained on nor counted."""

LABEL_SET = a("LabelSet", advice="such as labels.VOC")
"""A rule that functions share: the classes of a data set."""
_COLOR = each(whole(0, 255)).also("red, green and blue", lambda color: len(color) == 3)
_RULES = {
    "name": NAME,
    "names": each(NAME),
    "colors": each(_COLOR),
    "void_color": _COLOR,
}


@dataclass(frozen=True)
class LabelSet:
    """The classes of a data set, in the order of their indices.

    Attributes:
        name: Name of the data set, as in ``COURSE_DATA``.
        names: Class names; ``names[k]`` is the class with index k.
        colors: RGB color of each class, integers from 0 to 255.
        void_color: RGB color of void.
    """

    name: str
    names: tuple[str, ...]
    colors: tuple[tuple[int, int, int], ...]
    void_color: tuple[int, int, int]

    def __post_init__(self) -> None:
        """Refuse what is no label set."""
        check_all(_RULES, vars(self).items())
        if len(self.colors) != len(self.names) or len(self.names) > IGNORE_INDEX:
            raise ValueError(
                f"colors must be one for each of the {len(self.names)} names, of which "
                f"there may be {IGNORE_INDEX}, got {len(self.colors)}"
            )

    @property
    def num_classes(self) -> int:
        """Number of classes, void not counted."""
        return len(self.names)


def _voc_color(index: int) -> tuple[int, int, int]:
    """Spread the bits of an index over red, green and blue, as VOC's palette does.

    Bits 0, 1, 2 of the index are the highest bits of red, green and blue; bits 3, 4, 5
    the second highest, and so on.
    """
    channels = [0, 0, 0]
    for bit in range(8):
        channels[bit % 3] |= (index >> bit & 1) << (7 - bit // 3)
    return channels[0], channels[1], channels[2]


VOC = LabelSet(
    name="voc",
    names=(
        "background",
        "aeroplane",
        "bicycle",
        "bird",
        "boat",
        "bottle",
        "bus",
        "car",
        "cat",
        "chair",
        "cow",
        "dining table",
        "dog",
        "horse",
        "motorbike",
        "person",
        "potted plant",
        "sheep",
        "sofa",
        "train",
        "tv monitor",
    ),
    colors=tuple(_voc_color(index) for index in range(21)),
    void_color=_voc_color(IGNORE_INDEX),
)
"""The 21 classes of PASCAL VOC 2012, background included."""

CAMVID = LabelSet(
    name="camvid",
    names=(
        "sky",
        "building",
        "pole",
        "road",
        "pavement",
        "tree",
        "sign symbol",
        "fence",
        "car",
        "pedestrian",
        "bicyclist",
    ),
    colors=(
        (128, 128, 128),
        (128, 0, 0),
        (192, 192, 128),
        (128, 64, 128),
        (60, 40, 222),
        (128, 128, 0),
        (192, 128, 128),
        (64, 64, 128),
        (64, 0, 128),
        (64, 64, 0),
        (0, 128, 192),
    ),
    void_color=(0, 0, 0),
)
"""The 11 classes of CamVid as SegNet's authors grouped them."""


@checked(label_set=LABEL_SET)
def colormap(label_set: LabelSet = VOC) -> np.ndarray:
    """List the color of every value that a label map can hold, uint8, (256, 3).

    Values that are neither a class index nor void are magenta, so that they stand out.
    """
    colors = np.full((256, 3), (255, 0, 255), dtype=np.uint8)
    colors[: label_set.num_classes] = label_set.colors
    colors[IGNORE_INDEX] = label_set.void_color
    return colors


@checked(label_set=LABEL_SET)
def label_map_to_rgb(label_map: ArrayLike, label_set: LabelSet = VOC) -> np.ndarray:
    """Color a label map.

    Args:
        label_map: Class indices, any integer dtype, (H, W), from 0 to 255.
        label_set: Label set whose colors to use.

    Returns:
        An RGB image, uint8, (H, W, 3).

    Raises:
        TypeError: ``label_map`` does not hold integers.
        ValueError: It is not (H, W), or a value is outside 0 to 255.
    """
    return colormap(label_set)[as_label_map("label_map", label_map)]


@checked(name=TEXT)
def as_label_map(name: str, label_map: ArrayLike) -> np.ndarray:
    """Return a label map as an array; refuse what ``label_map_to_rgb`` can't color.

    Args:
        name: Name of the label map, for the error message.
        label_map: Class indices and void, any integer dtype, (H, W).
    """
    given = label_map
    try:
        label_map = np.asarray(given)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(
            f"{name} must be an array of class indices, got {shown(given)} ({error})"
        ) from None
    if not np.issubdtype(label_map.dtype, np.integer):
        raise TypeError(
            f"{name} must hold integer class indices, got {label_map.dtype}; "
            "for logits, take argmax over the classes first"
        )
    if label_map.ndim != 2 or label_map.size == 0:
        raise ValueError(
            f"{name} must be (H, W), got {label_map.shape}; for a batch, take one map"
        )
    if not 0 <= label_map.min() <= label_map.max() <= 255:
        raise ValueError(
            f"{name} must hold values from 0 to 255, got {label_map.min()} to "
            f"{label_map.max()}; void is {IGNORE_INDEX}, not -1"
        )
    return label_map
