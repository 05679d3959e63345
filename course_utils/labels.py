"""Class names, indices, colors and void of a data set, such as VOC and CamVid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from course_utils.arguments import (
    NAME,
    TEXT,
    a,
    check_all,
    checked,
    each,
    optional,
    shown,
    whole,
)

IGNORE_INDEX = 255
"""Class index of void: pixels that are neither trained on nor counted."""

Color: TypeAlias = tuple[int, int, int]
"""Red, green and blue, integers from 0 to 255."""
LABEL_SET = a("LabelSet", advice="such as labels.VOC")
"""A rule that functions share: the classes of a data set."""
_RULES = {
    "name": NAME,
    "names": each(TEXT, least=0),
    "colors": each(each(whole(), least=0), least=0),
    "void_color": each(whole(), least=0),
}


@dataclass(frozen=True)
class LabelSet:
    """The classes of a data set, in the order of their indices.

    Attributes:
        name: Name of the data set, as in ``COURSE_DATA``.
        names: Class names; ``names[k]`` is the class with index k.
        colors: RGB color of each class, integers from 0 to 255.
        void_color: RGB color of void.

    Raises:
        ValueError: There is no class, there are more than 255, two have one name or
            one color, or a color is none.
    """

    name: str
    names: tuple[str, ...]
    colors: tuple[Color, ...]
    void_color: Color

    def __post_init__(self) -> None:
        """Refuse names and colors that would be mistaken for each other."""
        check_all(_RULES, vars(self).items())
        if not 1 <= len(self.names) <= IGNORE_INDEX:
            raise ValueError(
                f"a label set must have 1 to {IGNORE_INDEX} classes, got "
                f"{len(self.names)}; a value of a byte is left for void"
            )
        for what, values in (("name", self.names), ("color", self.colors)):
            if twice := [value for value in values if values.count(value) > 1]:
                raise ValueError(
                    f"every class must have a {what} of its own, got {twice[0]!r} twice"
                )
        if not all(isinstance(name, str) and name.strip() for name in self.names):
            raise ValueError(f"class names must not be empty, got {self.names}")
        if len(self.colors) != len(self.names):
            raise ValueError(
                f"every class must have a color, got {len(self.colors)} for "
                f"{len(self.names)} classes"
            )
        for color in (*self.colors, self.void_color):
            if len(color) != 3 or not all(0 <= value <= 255 for value in color):
                raise ValueError(
                    f"a color must be three integers from 0 to 255, got {color}"
                )

    @property
    def num_classes(self) -> int:
        """Number of classes, void not counted."""
        return len(self.names)


def _voc_color(index: int) -> Color:
    """Spread the bits of an index over red, green and blue, as VOC's palette does.

    Bits 0, 1, 2 of the index are the highest bits of red, green and blue; bits 3, 4, 5
    the second highest, and so on.
    """
    channels = [0, 0, 0]
    for bit in range(8):
        channels[bit % 3] |= (index >> bit & 1) << (7 - bit // 3)
    return channels[0], channels[1], channels[2]


@checked(
    name=NAME,
    names=each(TEXT, least=0),
    colors=optional(_RULES["colors"]),
    void_color=optional(_RULES["void_color"]),
)
def make_label_set(
    name: str,
    names: Sequence[str],
    colors: Sequence[Color] | None = None,
    void_color: Color | None = None,
) -> LabelSet:
    """Make a label set, with the colors of VOC's palette where none are given.

    Args:
        name: Name of the data set.
        names: Class names, in the order of their indices.
        colors: RGB color of each class, integers from 0 to 255.
        void_color: RGB color of void.

    Raises:
        ValueError: As ``LabelSet`` does.
    """
    if colors is None:
        colors = [_voc_color(index) for index in range(len(names))]
    free = (_voc_color(index) for index in range(IGNORE_INDEX, 0, -1))
    if void_color is None:
        void_color = next((c for c in free if c not in colors), (255, 255, 255))
    return LabelSet(name, tuple(names), tuple(colors), void_color)


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
    if label_map.ndim != 2:
        raise ValueError(
            f"{name} must be (H, W), got {label_map.shape}; for a batch, take one map"
        )
    if label_map.size and not 0 <= label_map.min() <= label_map.max() <= 255:
        raise ValueError(
            f"{name} must hold values from 0 to 255, got {label_map.min()} to "
            f"{label_map.max()}; void is {IGNORE_INDEX}, not -1"
        )
    return label_map
