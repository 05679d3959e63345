"""A data set on disk in VOC layout, optionally decoded once into memory."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL import Image
from torch.utils.data import Dataset

from course_utils.arguments import (
    FLAG,
    FUNCTION,
    PATH_OR_TEXT,
    checked,
    optional,
    whole,
)
from course_utils.datasets import targets
from course_utils.datasets.class_files import FolderClasses, read_classes
from course_utils.datasets.orientation import Fit, count_fits, fit_of
from course_utils.datasets.photographs import (
    SUFFIXES,
    UnreadableImageError,
    open_photograph,
    upright,
)
from course_utils.datasets.split_lists import (
    IMAGE_SUFFIX,
    SPLITS,
    SplitLists,
    find_files,
)
from course_utils.labels import LABEL_SET, LabelSet

_IMAGES = "JPEGImages"
_TARGETS = ("SegmentationClass", "SegmentationClassPNG")  # labelme's older export
_OTHER_EXPORTS = {
    "*.zip": "unpack the archive first",
    "annotations.xml": "in CVAT, export in the format Segmentation mask 1.1",
    "annotations/*.json": "export masks, in VOC layout, instead of COCO's JSON",
    "*.json": "turn labelme's JSON files into VOC layout with its labelme2voc.py",
}
"""What a labeling tool may have written instead, and what to do about it."""


class SegmentationFolder(Dataset):
    """Photographs in VOC layout, each with a class index for every pixel.

    An item is ``(image, target)``: an RGB image, upright, and a palette or gray image
    of the same size, both PIL, or what ``transform(image, target)`` returns.

    Where no list says which pairs train and which validate, one pair in five, chosen by
    its name, validates. Where the photographs of the folder that EXIF turns fit their
    targets only as they are stored, both are turned.

    Args:
        root: Folder with JPEGImages, SegmentationClass and, in ImageSets/Segmentation,
            SPLIT.txt; docs/your_own_data.md says what they may hold.
        split: Name of the split: "train", "val", "trainval" or, if listed, "test".
        label_set: Classes of the data set, by which values of pixels are indices; by
            default those that the folder names, or else VOC's.
        transform: Function of an image and its target; its result is the item.
        in_memory: True to decode every pair now and keep it, instead of decoding at
            each access. A photograph of 320x240 takes 0.3 MB.

    Raises:
        FileNotFoundError: The folder, the split's list or a listed file is missing.
        ValueError: The split is unknown or empty, or a file can't be used; unless
            ``in_memory``, a bad file raises when its item is read.
    """

    @checked(
        root=PATH_OR_TEXT,
        label_set=LABEL_SET,
        transform=optional(FUNCTION),
        in_memory=FLAG,
    )
    def __init__(
        self,
        root: str | Path,
        split: str,
        *,
        label_set: LabelSet | None = None,
        transform: Callable[[Image.Image, Image.Image], Any] | None = None,
        in_memory: bool = False,
    ) -> None:
        if not isinstance(split, str) or split not in SPLITS:
            raise ValueError(f"split must be one of {SPLITS}, got {split!r}")
        self.root, self.split, self.transform = Path(root), split, transform
        if not self.root.is_dir():
            raise FileNotFoundError(
                f"{self.root} must be a folder in VOC layout, and is missing; "
                f"{self._advice('copy the data set there, or change COURSE_DATA')}"
            )
        declared = label_set and FolderClasses.of(label_set)
        self.classes = declared or read_classes(self.root)
        self.label_set = self.classes.label_set
        self._images = find_files(self.root / _IMAGES, SUFFIXES)
        self._targets = self._find_targets()
        self.lists = SplitLists(self.root, self._images, self._targets)
        self.names = self._listed_names()
        self.paths = self._find_pairs()
        self._pairs = [self._decode(*pair) for pair in self.paths] if in_memory else []

    def __len__(self) -> int:
        """Count the pairs of the split."""
        return len(self.names)

    def _find_targets(self) -> dict[str, Path]:
        """Find the targets by name: of a.jpg it is a.png, or else a.jpg.png."""
        found = (find_files(self.root / name, targets.SUFFIXES) for name in _TARGETS)
        files, images = next(filter(None, found), {}), self._images
        bare = {name: IMAGE_SUFFIX.sub("", name) for name in files}
        return {
            bare[name] if name not in images and bare[name] in images else name: path
            for name, path in files.items()
        }

    @property
    def num_without_target(self) -> int:
        """Number of photographs in the folder that have no target."""
        return len(self._images.keys() - self._targets.keys())

    @checked(index=whole())
    def __getitem__(self, index: int) -> Any:
        """Return the pair with this index, transformed if there is a transform."""
        if self._pairs:
            # Copies: drawing on an item must not change it for the next epoch
            image, target = (kept.copy() for kept in self._pairs[index])
        else:
            image, target = self._decode(*self.paths[index])
        return self.transform(image, target) if self.transform else (image, target)

    def _advice(self, otherwise: str) -> str:
        """Say how to get a good file: by a repair, where it was downloaded."""
        if not (self.root / "download.json").is_file():
            return otherwise
        name = read_classes(self.root).label_set.name
        return (
            f"repair it with: python -m course_utils download {name} --root {self.root}"
        )

    def _listed_names(self) -> list[str]:
        """Read the names of the split, which are file names without their suffix."""
        try:
            return self.lists.names(self.split)
        except FileNotFoundError as error:
            if self._images or self._targets:
                advice = self._advice(self.lists.advice(self.split))
                raise FileNotFoundError(f"{error}; {advice}") from None
            advice = self._advice(_layout_advice(self.root))
            raise FileNotFoundError(
                f"{error}, as are {_IMAGES} and {_TARGETS[0]}; {advice}"
            ) from None

    def _find_pairs(self) -> list[tuple[Path, Path]]:
        """Find the photograph and the target of every name."""
        images, files = self._images, self._targets
        missing = [f"{_IMAGES}/{n}.jpg" for n in self.names if n not in images]
        missing += [f"{_TARGETS[0]}/{n}.png" for n in self.names if n not in files]
        if missing:
            first = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
            source = self.lists.path(self.split)
            listed = f"that {source.name} lists" if source.is_file() else "of its pairs"
            raise FileNotFoundError(
                f"{self.root} must hold every file {listed}, but "
                f"{len(missing)} of {2 * len(self.names)} are missing ({first}); "
                f"{self._advice(self._advice_on_missing())}"
            )
        return [(self._images[name], self._targets[name]) for name in self.names]

    def _advice_on_missing(self) -> str:
        if not self._images:
            return (
                f"copy the photographs into {_IMAGES}; CVAT exports them with the "
                "masks if Save images is on"
            )
        if not self._targets and any((self.root / _TARGETS[0]).glob("*.jp*g")):
            return "export the masks as PNG: JPEG changes the values of pixels"
        if self._targets and not self._images.keys() & self._targets.keys():
            image, target = min(self._images), min(self._targets)
            return (
                f"give each target the name of its photograph, such as {image}.png and "
                f"not {target}.png"
            )
        return "copy them there, or delete their names from the list"

    def _decode(
        self, image_path: Path, target_path: Path
    ) -> tuple[Image.Image, Image.Image]:
        """Read a pair and check what would be a silent error later."""
        try:
            image, orientation = open_photograph(image_path)
            target = targets.read_target(target_path, self.classes)
        except UnreadableImageError as error:
            advice = self._advice("copy or export it again")
            raise ValueError(f"{error}; delete it, then {advice}") from error
        fit = fit_of(orientation, image.size, target.size)
        if fit == Fit.STORED or (fit == Fit.EITHER and self.are_drawn_as_stored):
            target = upright(target, orientation)
        if target.size != image.size:
            advice = self._advice("export it in the size of the photograph")
            raise ValueError(
                f"{target_path} must have the size of its photograph, "
                f"{image.height}x{image.width} (height x width), got "
                f"{target.height}x{target.width}; {advice}"
            )
        return image, target

    @cached_property
    def are_drawn_as_stored(self) -> bool:
        """Whether targets that fit both ways were drawn on the photograph as stored.

        That is what the others say, whose size fits only one way.
        """
        pairs = [
            (path, self._targets[name])
            for name, path in self._images.items()
            if name in self._targets
        ]
        fits = count_fits(pairs)
        if fits[Fit.STORED] and fits[Fit.UPRIGHT]:
            raise ValueError(
                f"{self.root} must hold targets that were all drawn on upright "
                "photographs, or all on photographs as they are stored, got "
                f"{fits[Fit.UPRIGHT]} and {fits[Fit.STORED]}, and others that fit both "
                "ways; turn the photographs themselves and remove their orientation "
                "from EXIF"
            )
        return fits[Fit.STORED] > 0


def _layout_advice(root: Path) -> str:
    """Say what a folder is that is not in VOC layout."""
    for name in (_IMAGES, _TARGETS[0]):
        for path in sorted(root.glob(f"*/{name}")):
            return f"set COURSE_DATA to the folder inside, {path.parent}"
    for pattern, advice in _OTHER_EXPORTS.items():
        if any(root.glob(pattern)):
            return advice
    return "docs/your_own_data.md says how to lay out the folder"
