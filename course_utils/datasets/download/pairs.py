"""Which pairs of a data set there are, and which the course takes."""

import csv
from dataclasses import dataclass
from pathlib import Path

from course_utils.labels import VOC
from course_utils.settings import COURSE_ROOT

DATA = COURSE_ROOT / "data"
"""Where the lists of pairs are, and the data sets go."""


@dataclass(frozen=True)
class Pair:
    """What is known of a photograph and its target before they are read.

    Attributes:
        name: of both files, without their suffixes.
        split: "train", "val" or "test".
        size: height and width, pixels.
        shares: of the whole target, by class index; None if they are not known.
        checksums: SHA-256 of the image's and the target's file, where they are known.
    """

    name: str
    split: str
    size: tuple[int, int]
    shares: dict[int, float] | None = None
    checksums: tuple[str, str] | None = None


def read_table(path: Path) -> list[dict[str, str]]:
    """Read one of the course's lists of pairs.

    Raises:
        FileNotFoundError: it is not there.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} must list the pairs of the data set, and is not there; fetch the "
            "course's files anew"
        )
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def voc_pairs(folder: Path, *, all_pairs: bool) -> list[Pair]:
    """Read which pairs of VOC 2012 to take: the course's subset, or all 2,913."""
    indices = {name.replace(" ", ""): k for k, name in enumerate(VOC.names)}
    subset = {row["id"]: row for row in read_table(folder / "voc_subset.csv")}
    pairs = []
    for row in read_table(folder / "voc_index.csv"):
        chosen = subset.get(row["id"])
        if chosen is None and not all_pairs:
            continue
        shares = zip(row["classes"].split(), row["proportions"].split(), strict=True)
        checksums = (chosen["image_sha256"], chosen["target_sha256"]) if chosen else ()
        pair = Pair(
            row["id"],
            row["split"],
            (int(row["height"]), int(row["width"])),
            {indices[name]: float(share) for name, share in shares},
            checksums if all(checksums) and checksums else None,
        )
        pairs.append(pair)
    return pairs


def camvid_pairs(folder: Path) -> list[Pair]:
    """Read the 701 pairs of CamVid, as SegNet's authors split them."""
    return [
        Pair(row["id"], row["split"], (int(row["height"]), int(row["width"])))
        for row in read_table(folder / "camvid_index.csv")
    ]
