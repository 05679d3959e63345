"""Which pairs of a data set are wanted, and what a right file of a pair is."""

import hashlib
import io
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import PurePosixPath

import numpy as np
from PIL import Image

from course_utils.datasets.download.manifest import Stored, describe
from course_utils.datasets.download.pairs import Pair
from course_utils.datasets.download.trouble import DamagedArchiveError
from course_utils.labels import CAMVID, IGNORE_INDEX, VOC, LabelSet, colormap

_TOLERANCE = 0.002  # of shares, which the index gives with four digits


class Wanted(ABC):
    """The files to take out of an archive, by the names they get in VOC layout.

    Args:
        pairs: what to take.
    """

    name: str
    label_set: LabelSet
    image_suffix: str
    bytes_per_pair: int

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.pairs = {pair.name: pair for pair in pairs}

    @cached_property
    def files(self) -> list[str]:
        """Names of all files, relative to the data set's folder."""
        images = [f"JPEGImages/{name}{self.image_suffix}" for name in self.pairs]
        return images + [f"SegmentationClass/{name}.png" for name in self.pairs]

    @property
    def lists(self) -> dict[str, list[str]]:
        """Names of the pairs of each split, and of train and val together."""
        splits = sorted({pair.split for pair in self.pairs.values()})
        lists = {s: [n for n, p in self.pairs.items() if p.split == s] for s in splits}
        return {**lists, "trainval": lists.get("train", []) + lists.get("val", [])}

    @abstractmethod
    def file_of(self, member: str) -> str | None:
        """Return what a member of an archive is called here, None if not wanted."""

    def stored(self, file: str, data: bytes) -> bytes:
        """Make of a member what is stored."""
        return data

    def check(self, file: str, data: bytes) -> None:
        """Check the content of a file that is, or shall be, stored.

        Raises:
            DamagedArchiveError: it can't be opened, or is not what the list says.
        """
        pair = self.pairs[PurePosixPath(file).stem]
        is_target = file.startswith("SegmentationClass/")
        picture = open_picture(file, data)
        if picture.size[::-1] != pair.size:
            got, wanted = (
                "×".join(map(str, s)) for s in (picture.size[::-1], pair.size)
            )
            raise DamagedArchiveError(f"{file} has {got} pixels, not {wanted}")
        if is_target:
            self._check_target(file, picture, pair)
        if pair.checksums is not None:
            wanted = pair.checksums[is_target]
            if hashlib.sha256(data).hexdigest() != wanted:
                raise DamagedArchiveError(f"{file} is not the official file")

    def is_right(self, file: str, data: bytes, stored: Stored | None) -> bool:
        """Compare a file with its description, or check it if there is none."""
        if stored is not None:
            return describe(data) == stored
        try:
            self.check(file, data)
        except DamagedArchiveError:
            return False
        return True

    def _check_target(self, file: str, picture: Image.Image, pair: Pair) -> None:
        if picture.mode not in ("P", "L"):
            raise DamagedArchiveError(f"{file} is no map of class indices")
        counts = np.bincount(np.asarray(picture).ravel(), minlength=256)
        legal = [*range(self.label_set.num_classes), IGNORE_INDEX]
        if counts.sum() != counts[legal].sum():
            raise DamagedArchiveError(f"{file} holds values that are no class")
        for k in range(1, self.label_set.num_classes) if pair.shares else ():
            share = counts[k] / counts.sum()
            if abs(share - pair.shares.get(k, 0.0)) > _TOLERANCE:
                name = self.label_set.names[k]
                raise DamagedArchiveError(f"{file} is another target: {name} differs")


def open_picture(file: str, data: bytes) -> Image.Image:
    """Decode a picture to its last pixel.

    Raises:
        DamagedArchiveError: that is not possible.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            picture.load()
            return picture
    except Exception as error:  # Pillow raises many kinds
        raise DamagedArchiveError(f"{file} can't be opened ({error})") from None


class WantedVOC(Wanted):
    """Pairs of VOC 2012, as they are."""

    name, label_set, image_suffix, bytes_per_pair = "voc", VOC, ".jpg", 120_000

    def file_of(self, member: str) -> str | None:
        """Take JPEGImages/ID.jpg and SegmentationClass/ID.png, wherever they lie."""
        path = PurePosixPath(member)
        suffixes = {"JPEGImages": ".jpg", "SegmentationClass": ".png"}
        if path.stem in self.pairs and path.suffix == suffixes.get(path.parent.name):
            return f"{path.parent.name}/{path.name}"
        return None


class WantedCamVid(Wanted):
    """CamVid, from SegNet's layout: split/ID.png, splitannot/ID.png, void is 11."""

    name, label_set, image_suffix, bytes_per_pair = "camvid", CAMVID, ".png", 320_000

    def file_of(self, member: str) -> str | None:
        """Take the pictures of the folder of their own split."""
        path = PurePosixPath(member)
        pair = self.pairs.get(path.stem)
        if pair is None or path.suffix != ".png":
            return None
        folders = {pair.split: "JPEGImages", f"{pair.split}annot": "SegmentationClass"}
        folder = folders.get(path.parent.name)
        return folder and f"{folder}/{path.name}"

    def stored(self, file: str, data: bytes) -> bytes:
        """Give a target our void and CamVid's colors."""
        if not file.startswith("SegmentationClass/"):
            return data
        values = np.array(open_picture(file, data))
        if values.ndim == 2:
            values[values == CAMVID.num_classes] = IGNORE_INDEX
        picture = Image.fromarray(values)
        if values.ndim == 2:
            picture.putpalette(colormap(CAMVID).tobytes())
        stored = io.BytesIO()
        picture.save(stored, "PNG")
        return stored.getvalue()
