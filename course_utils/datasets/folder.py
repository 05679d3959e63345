"""A data set in VOC layout on disk, optionally decoded once into memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from torch.utils.data import Dataset

from course_utils.labels import IGNORE_INDEX, VOC, LabelSet

SPLITS = ("train", "val", "trainval", "test")
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png")


class SegmentationFolder(Dataset):
    """Photographs in VOC layout, each with a class index for every pixel.

    An item is ``(image, target)``: an RGB image and a palette or gray image of one
    size, both PIL, or what ``transform(image, target)`` makes of them.

    Args:
        root: the folder with ImageSets/Segmentation/SPLIT.txt, JPEGImages/*.jpg or
            *.png and SegmentationClass/*.png, whose pixels are class indices.
        split: "train", "val", "trainval" or, where there is one, "test".
        label_set: the classes; any other value than theirs and void is an error.
        transform: what to make of an image and its target, before they are returned.
        in_memory: decode every pair now and keep it, instead of at each access. A
            photograph of 320x240 takes 0.3 MB.

    Raises:
        FileNotFoundError: the folder, the split's list or a listed file is missing.
        ValueError: the split is unknown or empty, or a file can't be used; unless
            ``in_memory``, that is seen when the item is read.
    """

    def __init__(
        self,
        root: str | Path,
        split: str,
        *,
        label_set: LabelSet = VOC,
        transform: Callable[[Image.Image, Image.Image], Any] | None = None,
        in_memory: bool = False,
    ) -> None:
        if split not in SPLITS:
            raise ValueError(f"split must be one of {SPLITS}, got {split!r}")
        self.root, self.split = Path(root), split
        self.label_set, self.transform = label_set, transform
        self.names = self._listed_names()
        self._paths = self._find_files()
        self._pairs = [self._decode(*pair) for pair in self._paths] if in_memory else []

    def __len__(self) -> int:
        """Count the pairs of the split."""
        return len(self.names)

    def __getitem__(self, index: int) -> Any:
        """Return the pair with this index, transformed if there is a transform."""
        if self._pairs:
            # copies: whoever draws on an image must not change the next epoch's
            image, target = (kept.copy() for kept in self._pairs[index])
        else:
            image, target = self._decode(*self._paths[index])
        return self.transform(image, target) if self.transform else (image, target)

    @property
    def _advice(self) -> str:
        if (self.root / "download.json").is_file():
            data = f"{self.label_set.name} --root {self.root}"
            return f"mend it with: python -m course_utils download {data}"
        return "copy the data set there anew, or let COURSE_DATA name another folder"

    def _listed_names(self) -> list[str]:
        """Read the names of the split, which are file names without their suffix."""
        if not self.root.is_dir():
            raise FileNotFoundError(
                f"{self.root} must be a folder in VOC layout, got no folder; "
                f"{self._advice}"
            )
        listing = self.root / "ImageSets" / "Segmentation" / f"{self.split}.txt"
        if not listing.is_file():
            raise FileNotFoundError(
                f"{listing} must list the names of the split, got no file; "
                f"{self._advice}"
            )
        lines = listing.read_text(encoding="utf-8").splitlines()
        names = [line.strip() for line in lines if line.strip()]
        if not names:
            raise ValueError(
                f"{listing} must list a name a line, got an empty file; {self._advice}"
            )
        return names

    def _find_files(self) -> list[tuple[Path, Path]]:
        """Find the photograph and the label map of every name."""
        images = _files_by_stem(self.root / "JPEGImages", IMAGE_SUFFIXES)
        targets = _files_by_stem(self.root / "SegmentationClass", (".png",))
        missing = [f"JPEGImages/{n}.jpg" for n in self.names if n not in images]
        missing += [
            f"SegmentationClass/{n}.png" for n in self.names if n not in targets
        ]
        if missing:
            first = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
            raise FileNotFoundError(
                f"{self.root} must hold every file that {self.split}.txt lists, got a "
                f"half-empty folder: {len(missing)} of {2 * len(self.names)} are "
                f"missing ({first}); {self._advice}"
            )
        return [(images[name], targets[name]) for name in self.names]

    def _decode(
        self, image_path: Path, target_path: Path
    ) -> tuple[Image.Image, Image.Image]:
        """Read a pair and check what would be a silent error later."""
        image = self._read(image_path).convert("RGB")
        target = self._read(target_path)
        if target.mode not in ("P", "L"):
            raise ValueError(
                f"{target_path} must be a palette or gray PNG of 8 bits, whose pixels "
                f"are class indices, got mode {target.mode}; replace each color by the "
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

    def _read(self, path: Path) -> Image.Image:
        """Decode a file completely; PIL alone would wait for the first access."""
        try:
            with Image.open(path) as opened:
                return opened.copy()
        except FileNotFoundError:
            raise
        # PIL calls a broken PNG a SyntaxError
        except (OSError, SyntaxError, ValueError) as error:
            raise ValueError(
                f"{path} must be a whole image, got one that can't be read ({error}); "
                f"delete it, then {self._advice}"
            ) from error

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

    Where a stem has several suffixes, the earliest of ``suffixes`` counts.
    """
    paths = list(folder.iterdir()) if folder.is_dir() else []
    return {
        path.stem: path
        for suffix in reversed(suffixes)
        for path in paths
        if path.suffix.lower() == suffix
    }
