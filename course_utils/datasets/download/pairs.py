"""The pairs of a data set: where an archive holds them, and what a right file is."""

import csv
import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
from PIL import Image

from course_utils.datasets.download import archives
from course_utils.datasets.download.archives import Archive, ArchiveError
from course_utils.files import palette_image
from course_utils.labels import CAMVID, IGNORE_INDEX, VOC, LabelSet, colormap
from course_utils.settings import COURSE_ROOT

DATA = COURSE_ROOT / "data"
_TOLERANCE = 0.002  # of shares, which the list gives with four digits


class Pair(NamedTuple):
    """What is known of an image and its target before they are read."""

    name: str
    split: str
    size: tuple[int, int]  # height and width, pixels
    shares: dict[int, float] | None = None  # of the target, by class index
    checksums: tuple[str, str] | None = None  # SHA-256 of image and target


def _read_list(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _voc_pairs(folder: Path, *, all_pairs: bool) -> list[Pair]:
    """Read the pairs of VOC 2012: the course's subset, or all 2,913."""
    indices = {name.replace(" ", ""): k for k, name in enumerate(VOC.names)}
    subset = {row["id"]: row for row in _read_list(folder / "voc_subset.csv")}
    pairs = []
    for row in _read_list(folder / "voc_index.csv"):
        if row["id"] in subset or all_pairs:
            size = int(row["height"]), int(row["width"])
            shares = zip(
                row["classes"].split(), row["proportions"].split(), strict=True
            )
            shares = {indices[name]: float(share) for name, share in shares}
            chosen = subset.get(row["id"], {})
            checksums = chosen.get("image_sha256"), chosen.get("target_sha256")
            checksums = checksums if all(checksums) else None
            pairs.append(Pair(row["id"], row["split"], size, shares, checksums))
    return pairs


def _camvid_pairs(folder: Path) -> list[Pair]:
    """Read the 701 pairs of CamVid, split as SegNet's authors split them."""
    return [
        Pair(row["id"], row["split"], (int(row["height"]), int(row["width"])))
        for row in _read_list(folder / "camvid_index.csv")
    ]


@dataclass(frozen=True)
class DataSet:
    """The pairs to store of a data set, and their places in its archive."""

    label_set: LabelSet
    archive: Archive
    pairs: dict[str, Pair]  # by name
    image_path: str  # end of the path in the archive, as a format of the pair
    target_path: str
    void: int  # index in the archive's targets; 255 is stored
    bytes_per_file: int  # on average, at most

    @cached_property
    def files(self) -> dict[str, str]:
        """Names of the files to store, by the ends of their paths in the archive."""
        image = "JPEGImages/{0.name}" + PurePosixPath(self.image_path).suffix
        target = "SegmentationClass/{0.name}.png"
        return {
            path.format(pair): name.format(pair)
            for path, name in ((self.image_path, image), (self.target_path, target))
            for pair in self.pairs.values()
        }

    @cached_property
    def lists(self) -> dict[str, bytes]:
        """Contents of the lists of each split, and of train and val together."""
        names = {
            split: [f"{p.name}\n" for p in self.pairs.values() if p.split == split]
            for split in ("train", "val", "test")
        }
        names["trainval"] = names["train"] + names["val"]
        return {
            f"ImageSets/Segmentation/{split}.txt": "".join(lines).encode()
            for split, lines in names.items()
            if lines
        }

    def convert(self, file: str, content: bytes) -> bytes:
        """Check the content of a file of the archive; return what is stored of it."""
        is_target = file.startswith("SegmentationClass/")
        pair = self.pairs[PurePosixPath(file).stem]
        try:
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
                image.load()
        except Exception as error:  # Pillow raises many kinds
            raise ArchiveError(f"{file} can't be opened ({error})") from None
        if image.size[::-1] != pair.size:
            got, needed = ("×".join(map(str, s)) for s in (image.size[::-1], pair.size))
            raise ArchiveError(f"{file} has {got} pixels, not {needed}")
        checksum = hashlib.sha256(content).hexdigest()
        if pair.checksums and checksum != pair.checksums[is_target]:
            raise ArchiveError(f"{file} is not the official file")
        if not is_target:
            return content
        if image.mode not in ("P", "L"):
            raise ArchiveError(f"{file} is no map of class indices")
        target = np.array(image)
        target[target == self.void] = IGNORE_INDEX
        self._check_classes(file, target, pair)
        if self.void == IGNORE_INDEX:
            return content
        png = io.BytesIO()
        palette_image(target, colormap(self.label_set)).save(png, "PNG")
        return png.getvalue()

    def _check_classes(self, file: str, target: np.ndarray, pair: Pair) -> None:
        shares = np.bincount(target.ravel(), minlength=256) / target.size
        if any(shares[self.label_set.num_classes : IGNORE_INDEX]):
            raise ArchiveError(f"{file} holds values that are no class")
        for k in range(1, self.label_set.num_classes) if pair.shares else ():
            if abs(shares[k] - pair.shares.get(k, 0.0)) > _TOLERANCE:
                name = self.label_set.names[k]
                raise ArchiveError(f"{file} is another target: {name} differs")


def voc(*, all_pairs: bool) -> DataSet:
    """Describe VOC 2012."""
    pairs = {pair.name: pair for pair in _voc_pairs(DATA, all_pairs=all_pairs)}
    paths = "JPEGImages/{0.name}.jpg", "SegmentationClass/{0.name}.png"
    return DataSet(VOC, archives.VOC_ARCHIVE, pairs, *paths, IGNORE_INDEX, 60_000)


def camvid() -> DataSet:
    """Describe CamVid, with the 11 classes of SegNet's authors."""
    pairs = {pair.name: pair for pair in _camvid_pairs(DATA)}
    paths = "{0.split}/{0.name}.png", "{0.split}annot/{0.name}.png"
    return DataSet(CAMVID, archives.CAMVID_ARCHIVE, pairs, *paths, 11, 160_000)
