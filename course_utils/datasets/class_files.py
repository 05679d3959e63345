"""Which classes a folder of photographs has, and how its pixels name them.

A folder says so in a text file: ``classes.txt``, a class per line, or what a labeling
tool writes (CVAT's ``labelmap.txt``, labelme's ``class_names.txt``).
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_utils.arguments import NAME, checked
from course_utils.datasets.text_files import read_lines
from course_utils.labels import (
    CAMVID,
    IGNORE_INDEX,
    VOC,
    Color,
    LabelSet,
    make_label_set,
)
from course_utils.settings import data_folder

UNKNOWN = -1
"""What a pixel value means that the folder does not declare."""

_FILES = ("classes.txt", "labelmap.txt", "class_names.txt", "labels.txt")
_MANIFEST = "download.json"
_KNOWN = {label_set.name: label_set for label_set in (VOC, CAMVID)}
_VOID_NAMES = {"void", "ignore", "ignored", "unlabeled", "unlabelled"}
_HEADER_WORDS = {"index", "id", "value", "name", "class", "label", "color", "r", "g"}
_HEADER_WORDS |= {"b", "red", "green", "blue"}
_SEPARATOR = r"[\s,;:]+"
_NUMBERS = rf"\(?(\d{{1,3}}){_SEPARATOR}(\d{{1,3}}){_SEPARATOR}(\d{{1,3}})\)?"
_COLOR = re.compile(rf"^(.*?){_SEPARATOR}(?:{_NUMBERS}|#([0-9a-fA-F]{{6}}))[\s:]*$")
_LABELMAP = re.compile(r"^(.+?):(?:(\d{1,3}),(\d{1,3}),(\d{1,3}))?:[^:]*:[^:]*$")
_INDEX = re.compile(rf"^(\d{{1,3}}){_SEPARATOR}(\S.*)$")
_READ_BY = re.compile(r"^#?\s*read by (color|index)$", re.IGNORECASE)


class _Line(NamedTuple):
    """A class as a file declares it."""

    name: str
    color: Color | None
    value: int  # of its pixels

    @property
    def is_void(self) -> bool:
        return self.name.strip("_").casefold() in _VOID_NAMES


@dataclass(frozen=True, eq=False)
class FolderClasses:
    """The classes of a folder, and what its pixels say.

    Attributes:
        label_set: Classes of the data set.
        source: Where they come from: the name of a file, or "" if nothing in the folder
            says so.
        meanings: What a pixel's value means, by value: a class index, void, or
            ``UNKNOWN``; int16, (256,).
        colors: Class index or void of each color that was declared; empty if none was.
        read_by: "color" or "index" if the folder says how palette images are to be
            read, otherwise "".
    """

    label_set: LabelSet
    source: str
    meanings: np.ndarray
    colors: dict[Color, int]
    read_by: str = ""

    @classmethod
    def of(cls, label_set: LabelSet, source: str = "") -> "FolderClasses":
        """Read pixels as class indices of a label set, and 255 as void."""
        meanings = np.full(256, UNKNOWN, dtype=np.int16)
        meanings[: label_set.num_classes] = range(label_set.num_classes)
        meanings[IGNORE_INDEX] = IGNORE_INDEX
        colors = {color: k for k, color in enumerate(label_set.colors)}
        colors.setdefault(label_set.void_color, IGNORE_INDEX)
        return cls(label_set, source, meanings, colors)

    @cached_property
    def are_indices(self) -> bool:
        """Whether pixels hold class indices, and void is 255."""
        plain = FolderClasses.of(self.label_set).meanings
        return bool((plain == self.meanings).all())

    @property
    def values(self) -> list[int]:
        """Values that a pixel may have."""
        return np.flatnonzero(self.meanings != UNKNOWN).tolist()


def read_classes(root: Path) -> FolderClasses:
    """Read the classes of a folder in VOC layout.

    The first of ``classes.txt``, ``labelmap.txt``, ``class_names.txt`` and
    ``labels.txt`` decides. Without any, it is the record of a download, and without
    that, CamVid's classes are assumed if "camvid" is part of the folder's name, VOC's
    otherwise.

    Raises:
        ValueError: The file can't be understood.
    """
    path = class_file(root)
    if path is None:
        return _unnamed(root)
    lines = read_lines(path)
    read_by = next((m[1].lower() for m in map(_READ_BY.match, lines) if m), "")
    lines = [line for line in lines if not line.startswith("#")]
    lines = [line for line in lines if not (_READ_BY.match(line) or _is_header(line))]
    if not lines:
        if read_by:  # of VOC or CamVid, which need no names
            return replace(_unnamed(root), source=path.name, read_by=read_by)
        raise ValueError(f"{path} must name a class per line, but names none")
    return _declare(path, _parse(path, lines), read_by)


def class_file(root: Path) -> Path | None:
    """Find the file in which a folder names its classes; None if there is none."""
    if not root.is_dir():
        return None
    found = {path.name.casefold(): path for path in root.glob("*.txt")}
    return next((found[name] for name in _FILES if name in found), None)


@checked(choice=NAME)
def data_name(choice: str) -> str:
    """Name the data that a choice stands for, as part of file names too.

    Args:
        choice: "scenes", "voc", "camvid" or a folder, as ``settings.data_choice``
            returns it.

    Returns:
        "scenes", "voc" or "camvid"; for a folder with classes of its own its name,
        in lower case and without anything but letters, digits, "_" and "-".

    Raises:
        ValueError: The file with the folder's classes can't be understood.
    """
    if choice == "scenes":
        return choice
    root = data_folder(choice)
    label_set = read_classes(root).label_set
    if class_file(root) is None:
        return label_set.name
    name = unicodedata.normalize("NFC", root.resolve().name.casefold())
    name = re.sub(r"[^\w-]+", "_", name).strip("_")[:40] or "folder"
    is_taken = name in ("scenes", *_KNOWN) and _KNOWN.get(name) != label_set
    return f"my_{name}" if is_taken else name


def _unnamed(root: Path) -> FolderClasses:
    """Take the classes that a download recorded, or guess by the folder's name."""
    try:
        recorded = json.loads((root / _MANIFEST).read_bytes())["data"]
        return FolderClasses.of(_KNOWN[recorded], _MANIFEST)
    except (OSError, ValueError, LookupError, TypeError):
        is_camvid = "camvid" in root.name.casefold()
        return FolderClasses.of(CAMVID if is_camvid else VOC)


def _is_header(line: str) -> bool:
    """Recognize the first line of a table, such as "name,r,g,b"."""
    words = re.split(_SEPARATOR, line.casefold())
    return len(words) > 1 and _HEADER_WORDS.issuperset(words)


def _parse(path: Path, lines: Sequence[str]) -> list[_Line]:
    """Read a class per line: a name, before it perhaps its value, after it its color.

    labelme's ``__ignore__`` stands before the class with the value 0.
    """
    matches = [_LABELMAP.match(line) or _COLOR.match(line) for line in lines]
    rests = [m[1] if m else line for m, line in zip(matches, lines, strict=True)]
    colors = [_color(m) if m else None for m in matches]
    numbered = [_INDEX.match(rest) for rest in rests]
    if all(numbered):
        values = [int(m[1]) for m in numbered]
        rests = [m[2] for m in numbered]
    else:
        first = -1 if rests[0].strip() == "__ignore__" else 0
        values = list(range(first, first + len(lines)))
    wrong = [v for v in values if v > 255 or values.count(v) > 1]
    wrong += [c for c in colors if c and max(c) > 255]
    if wrong:
        raise ValueError(
            f"{path} must give each class a value of its own and a color, both from 0 "
            f"to 255, got {wrong[0]}"
        )
    names = [rest.strip().strip("\"'").rstrip(" ,;:") for rest in rests]
    names = ["background" if name == "_background_" else name for name in names]
    return [_Line(*line) for line in zip(names, colors, values, strict=True)]


def _color(match: re.Match[str]) -> Color | None:
    """Read the color of a line, as three numbers or as #RRGGBB."""
    _, *numbers = match.groups()
    if numbers[0] is not None:
        red, green, blue = map(int, numbers[:3])
    elif numbers[3:]:
        red, green, blue = bytes.fromhex(numbers[3])
    else:
        return None  # CVAT allows it
    return red, green, blue


def _declare(path: Path, lines: list[_Line], read_by: str) -> FolderClasses:
    """Give the classes their indices, in the order of the file."""
    if path.name.casefold() == "labelmap.txt":  # has them in any order
        lines = sorted(lines, key=lambda line: line.name != "background")
    classes = [line for line in lines if not line.is_void]
    void = [line for line in lines if line.is_void]
    label_set, has_colors = _label_set(path, classes, void)
    meanings = np.full(256, UNKNOWN, dtype=np.int16)
    meanings[IGNORE_INDEX] = IGNORE_INDEX
    meanings[[line.value for line in void if line.value >= 0]] = IGNORE_INDEX
    meanings[[line.value for line in classes]] = range(len(classes))
    colors: dict[Color, int] = {}
    if has_colors:
        colors = {color: k for k, color in enumerate(label_set.colors)}
        of_void = [line.color for line in void if line.color]
        of_void += [label_set.void_color] * (label_set in _KNOWN.values())
        colors |= dict.fromkeys(of_void, IGNORE_INDEX)
    return FolderClasses(label_set, path.name, meanings, colors, read_by)


def _label_set(
    path: Path, classes: list[_Line], void: list[_Line]
) -> tuple[LabelSet, bool]:
    """Make the label set; return it, and whether its colors are those of the pixels."""
    names = [line.name for line in classes]
    given = [line.color for line in classes]
    if any(given) and not all(given):
        unclear = names[given.index(None)]
        raise ValueError(
            f"{path} must give a color to every class or to none, got none for "
            f"{unclear!r}; write one behind it, such as: {unclear} 255 0 0"
        )
    void_color = next((line.color for line in void if line.color), None)
    known = [s for s in _KNOWN.values() if _bare(s.names) == _bare(names)]
    if known and given in ([None] * len(names), list(known[0].colors)):
        return known[0], True
    if void_color is not None and void_color in given:
        raise ValueError(
            f"{path} must give void a color of its own, got {void_color} for "
            f"{names[given.index(void_color)]!r} too"
        )
    colors = given if all(given) else None
    name = path.parent.resolve().name
    try:
        label_set = make_label_set(name, names, colors, void_color)
    except ValueError as error:
        raise ValueError(f"{path} can't be used: {error}") from None
    # Labeling tools take VOC's palette where they name no colors
    return label_set, bool(colors) or path.name.casefold() != "classes.txt"


def _bare(names: Sequence[str]) -> list[str]:
    """Compare names without case and signs: "SignSymbol" is "sign symbol"."""
    return ["".join(filter(str.isalnum, name.casefold())) for name in names]
