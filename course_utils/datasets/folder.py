"""A data set on disk in VOC layout, optionally decoded once into memory."""

from collections.abc import Callable
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
from course_utils.datasets.photographs import open_image, read_photograph
from course_utils.labels import IGNORE_INDEX, LABEL_SET, VOC, LabelSet

_SPLITS = ("train", "val", "trainval", "test")
_IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png")


class SegmentationFolder(Dataset):
    """Photographs in VOC layout, each with a class index for every pixel.

    An item is ``(image, target)``: an RGB image, upright, and a palette or gray image
    of the same size, both PIL, or what ``transform(image, target)`` returns.

    Args:
        root: Folder with ImageSets/Segmentation/SPLIT.txt, JPEGImages/*.jpg or *.png
            and SegmentationClass/*.png, whose pixels are class indices.
        split: Name of the split: "train", "val", "trainval" or, if listed, "test".
        label_set: Classes of the data set; other values than these and void are errors.
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
        label_set: LabelSet = VOC,
        transform: Callable[[Image.Image, Image.Image], Any] | None = None,
        in_memory: bool = False,
    ) -> None:
        if not isinstance(split, str) or split not in _SPLITS:
            raise ValueError(f"split must be one of {_SPLITS}, got {split!r}")
        self.root, self.split = Path(root), split
        self.label_set, self.transform = label_set, transform
        self.names = self._listed_names()
        self._paths = self._find_files()
        self._pairs = [self._decode(*pair) for pair in self._paths] if in_memory else []

    def __len__(self) -> int:
        """Count the pairs of the split."""
        return len(self.names)

    @checked(index=whole())
    def __getitem__(self, index: int) -> Any:
        """Return the pair with this index, transformed if there is a transform."""
        if self._pairs:
            # Copies: drawing on an item must not change it for the next epoch
            image, target = (kept.copy() for kept in self._pairs[index])
        else:
            image, target = self._decode(*self._paths[index])
        return self.transform(image, target) if self.transform else (image, target)

    @property
    def _advice(self) -> str:
        if (self.root / "download.json").is_file():
            data = f"{self.label_set.name} --root {self.root}"
            return f"repair it with: python -m course_utils download {data}"
        return "copy the data set there again, or set COURSE_DATA to another folder"

    def _listed_names(self) -> list[str]:
        """Read the names of the split, which are file names without their suffix."""
        listing = self.root / "ImageSets" / "Segmentation" / f"{self.split}.txt"
        for path, exists, role in (
            (self.root, self.root.is_dir(), "be a folder in VOC layout"),
            (listing, listing.is_file(), "list the names of the split"),
        ):
            if not exists:
                message = f"{path} must {role}, and is missing; {self._advice}"
                raise FileNotFoundError(message)
        lines = listing.read_text(encoding="utf-8").splitlines()
        names = [line.strip() for line in lines if line.strip()]
        if not names:
            raise ValueError(
                f"{listing} must list one name per line, got an empty file; "
                f"{self._advice}"
            )
        return names

    def _find_files(self) -> list[tuple[Path, Path]]:
        """Find the photograph and the label map of every name."""
        images = _files_by_stem(self.root / "JPEGImages", _IMAGE_SUFFIXES)
        targets = _files_by_stem(self.root / "SegmentationClass", (".png",))
        missing = [f"JPEGImages/{n}.jpg" for n in self.names if n not in images]
        missing += [
            f"SegmentationClass/{n}.png" for n in self.names if n not in targets
        ]
        if missing:
            first = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
            raise FileNotFoundError(
                f"{self.root} must hold every file that {self.split}.txt lists, but "
                f"{len(missing)} of {2 * len(self.names)} are missing ({first}); "
                f"{self._advice}"
            )
        return [(images[name], targets[name]) for name in self.names]

    def _decode(
        self, image_path: Path, target_path: Path
    ) -> tuple[Image.Image, Image.Image]:
        """Read a pair and check what would be a silent error later."""
        try:
            image = Image.fromarray(read_photograph(image_path))
            with open_image(target_path) as opened:
                target = opened.copy()  # decoded now
        except ValueError as error:
            raise ValueError(f"{error}; delete it, then {self._advice}") from error
        if target.mode not in ("P", "L"):
            raise ValueError(
                f"{target_path} must be an 8-bit palette or gray PNG whose pixels are "
                f"class indices, got mode {target.mode}; replace each color by the "
                "index of its class"
            )
        if target.size != image.size:
            raise ValueError(
                f"{target_path} must have the size of its photograph, "
                f"{image.height}x{image.width} (height x width), got "
                f"{target.height}x{target.width}; {self._advice}"
            )
        self._check_values(target, target_path)
        return image, target

    def _check_values(self, target: Image.Image, path: Path) -> None:
        """Refuse values that are neither a class index nor void."""
        present = [value for value, count in enumerate(target.histogram()) if count]
        last = self.label_set.num_classes - 1
        wrong = [value for value in present if last < value != IGNORE_INDEX]
        if wrong:
            raise ValueError(
                f"{path} must hold class indices from 0 to {last} or {IGNORE_INDEX} "
                f"for void, got {', '.join(map(str, wrong))}; pass the label_set of "
                f"this data set ({self.label_set.name} is in use)"
            )


def _files_by_stem(folder: Path, suffixes: tuple[str, ...]) -> dict[str, Path]:
    """List a folder once; asking for each file is slow on a network drive.

    Of files that differ in their suffix alone, the one whose suffix is listed first
    counts.
    """
    paths = list(folder.iterdir()) if folder.is_dir() else []
    return {
        path.stem: path
        for suffix in reversed(suffixes)
        for path in paths
        if path.suffix.lower() == suffix
    }
