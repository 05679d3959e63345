"""Which pairs of a folder belong to which split."""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from course_utils.datasets.text_files import read_lines

SPLITS = ("train", "val", "trainval", "test")
_ALIASES = {"training": "train", "validation": "val", "valid": "val"}
IMAGE_SUFFIX = re.compile(r"\.(jpe?g|png|bmp|webp|tiff?)$", re.IGNORECASE)
_PLACES = ("ImageSets/Segmentation", "ImageSets", ".")
_PART_FOR_VAL = 5
"""One pair in so many validates where no list says which."""


def find_files(folder: Path, suffixes: tuple[str, ...]) -> dict[str, Path]:
    """Find the files of a folder and its subfolders, by path without suffix.

    The folder is listed once: asking for each file is slow on a network drive. Of files
    that differ in their suffix alone, the one whose suffix is listed first counts.
    Hidden files are left out, as macOS makes them beside each file of a stick.
    """
    found = {}
    for place, folders, names in os.walk(folder, onerror=_raise_unless_missing):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = Path(place).relative_to(folder)
        for name in names:
            stem, _, suffix = name.rpartition(".")
            if f".{suffix.lower()}" in suffixes and not name.startswith("."):
                key = unicodedata.normalize("NFC", (inside / stem).as_posix())
                found.setdefault(key, {})[f".{suffix.lower()}"] = Path(place, name)
    return {
        key: next(paths[suffix] for suffix in suffixes if suffix in paths)
        for key, paths in found.items()
    }


def _raise_unless_missing(error: OSError) -> None:
    """Let a folder that can't be read not pass for an empty one."""
    if not isinstance(error, FileNotFoundError):
        raise error


class SplitLists:
    """The lists of a folder in VOC layout.

    Args:
        root: Folder that has the lists in ImageSets/Segmentation.
        images: Names of the photographs on the disk.
        targets: Names of the targets on the disk.
    """

    def __init__(
        self, root: Path, images: Iterable[str], targets: Iterable[str]
    ) -> None:
        self.root, self._targets = root, sorted(targets)
        self._known = _Known({*images, *targets})
        self._lists = _find_lists(root)

    @property
    def splits_itself(self) -> bool:
        """Whether nothing says which pairs validate, so that their names decide."""
        return not {"train", "val"} & self._lists.keys()

    def path(self, split: str) -> Path:
        """Name the file that lists a split; it may be missing."""
        usual = self.root / _PLACES[0] / f"{split}.txt"
        return self._lists.get(split, usual)

    def names(self, split: str) -> list[str]:
        """Read the names of a split.

        Raises:
            FileNotFoundError: There is no list of it, but one of another split.
            ValueError: The list is empty, names a pair twice, or is none.
        """
        if split in self._lists:
            return _read_names(self._lists[split], self._known)
        if split in ("train", "val") and self.splits_itself and self._all():
            return self._own_split(split)
        if split == "trainval" and not self.splits_itself:
            return [*self.names("train"), *self.names("val")]
        if split == "trainval" and self._all():
            return self._all()
        raise FileNotFoundError(
            f"{self.path(split)} must list the names of the split, and is missing"
        )

    def _all(self) -> list[str]:
        """List all pairs: those of the one list there is, or all that have a target."""
        lists = [path for split, path in self._lists.items() if split != "test"]
        return _read_names(lists[0], self._known) if lists else self._targets

    def _own_split(self, split: str) -> list[str]:
        """Choose one pair in five by its name: the same whatever else is there."""
        names = self._all()
        if len(names) < 2:
            raise ValueError(
                f"{self.root} must hold at least two pairs, to train and to validate, "
                f"got {len(names)}"
            )
        number = max(1, round(len(names) / _PART_FOR_VAL))
        val = set(sorted(names, key=_checksum)[:number])
        return [name for name in names if (name in val) == (split == "val")]

    def advice(self, split: str) -> str:
        """Say what to do where the list of a split is missing."""
        other = {"train": "val", "val": "train"}.get(split)
        if other in self._lists:
            return f"move some of the names of {self._lists[other].name} into it"
        return "write it, a name without suffix per line"


def _find_lists(root: Path) -> dict[str, Path]:
    """Find the lists by split; case does not count, and "Validation" is val."""
    for place in _PLACES:
        paths = sorted((root / place).glob("*.[tT][xX][tT]"))
        stems = {path.stem.casefold(): path for path in paths}
        lists = {_ALIASES.get(stem, stem): path for stem, path in stems.items()}
        if place != _PLACES[0]:  # where other text files lie too
            lists = {k: path for k, path in lists.items() if k in SPLITS}
        if lists:
            return lists
    return {}


def _checksum(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _read_names(path: Path, known: "_Known") -> list[str]:
    """Read a list; a name may have a suffix, quotes around it, a folder before it."""
    found = (known.find(line) for line in read_lines(path))
    names = [n for n in found if n in known or not n.startswith("#")]
    if not names:
        raise ValueError(f"{path} must list one name per line, got an empty file")
    flagged = [re.fullmatch(r"(\S+)\s+-?[01]", name) for name in names]
    if all(flagged) and not any(name in known for name in names):
        raise ValueError(
            f"{path} must list one name per line, got {names[0]!r}, as lists of "
            "ImageSets/Main do that say which images hold a class; copy the names alone"
        )
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ValueError(
            f"{path} must list every name once, got {len(twice)} more often "
            f"({', '.join(twice[:3])}); delete the repeated lines"
        )
    return names


class _Known:
    """The names that are on the disk, to find those of a list among."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        self._by_case = _unique({name: name.casefold() for name in self._names})
        self._by_end = _unique({n: n.rpartition("/")[2] for n in self._names})

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def find(self, line: str) -> str:
        """Find the name that a line means; the line itself if there is none."""
        text = line.strip("\"'")
        if name := self._match(text):
            return name
        words = {self._match(word) for word in text.split()}  # "image.jpg target.png"
        return words.pop() or text if len(words) == 1 else text

    def _match(self, text: str) -> str | None:
        path = text.replace("\\", "/").removeprefix("./")
        bare = IMAGE_SUFFIX.sub("", path)
        for name in (text, path, bare):
            if name in self._names:
                return name
        end = bare.rpartition("/")[2]
        return self._by_case.get(bare.casefold()) or self._by_end.get(end)


def _unique(keys: Mapping[str, str]) -> dict[str, str]:
    """Invert names and keys, without the keys that several names have."""
    counts = Counter(keys.values())
    return {key: name for name, key in keys.items() if counts[key] == 1}
