"""The training and validation data of this run."""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from course_utils.arguments import (
    NAME,
    TEXT,
    a,
    check_all,
    checked,
    each,
    one_of,
    optional,
    tensor,
)
from course_utils.datasets import remarks
from course_utils.datasets.class_files import data_name
from course_utils.datasets.folder import SegmentationFolder
from course_utils.datasets.scenes.dataset import SceneDataset
from course_utils.labels import IGNORE_INDEX, LABEL_SET, VOC, LabelSet
from course_utils.settings import (
    PHOTOGRAPHS,
    RunLevel,
    data_choice,
    data_folder,
    variables,
)

_Pairs = list[tuple[Image.Image, Image.Image]]
_DOWNLOAD = "python -m course_utils download"
_HINTS = {
    "scenes": f" (photographs: {_DOWNLOAD} voc)",
    "camvid": " (on disk, and fits best here; COURSE_DATA=voc or scenes changes it)",
}
"""What to say of data that nobody asked for; VOC is what all notebooks take."""
_MEAN_COLOR = (124, 116, 104)  # ImageNet's, so that padding is 0 once normalized

_PAIRS = a("TensorDataset").also("at least one pair long", lambda pairs: len(pairs) > 0)
_SIZES = tensor("N 2", "integer")
_RULES = {
    "name": NAME,
    "label_set": LABEL_SET,
    "train": _PAIRS,
    "val": _PAIRS,
    "train_sizes": _SIZES,
    "val_sizes": _SIZES,
    "names": each(TEXT, least=0),
    "remarks": each(TEXT, least=0),
}
_CHOICE = {
    "run": a("RunLevel", advice="take settings.run_level()"),
    "prefer": one_of(*PHOTOGRAPHS),
    "choice": optional(NAME),
}


@dataclass(frozen=True)
class CourseData:
    """Training and validation pairs, decoded once, all of one size.

    Attributes:
        name: "scenes", "voc", "camvid", or the name of a folder with other classes.
        label_set: Classes of the data.
        train: Training pairs (image, target): uint8, (3, H, W) and uint8, (H, W).
            Smaller images are padded at the bottom and right; the padding is void.
        val: Validation pairs, likewise.
        train_sizes: Height and width of each training image without padding, (N, 2).
        val_sizes: Height and width of each validation image without padding, (N, 2).
        names: Names of the pairs, those of train before those of val; empty if they
            have none.
        remarks: What to say of the data besides their number and size.
    """

    name: str
    label_set: LabelSet
    train: TensorDataset
    val: TensorDataset
    train_sizes: Tensor
    val_sizes: Tensor
    names: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no data of a run."""
        check_all(_RULES, vars(self).items())

    @property
    def settings(self) -> dict[str, Any]:
        """What the checkpoint of a training on these data must agree with."""
        names = hashlib.sha256("\n".join(self.names).encode()).hexdigest()[:16]
        classes = list(self.label_set.names)
        return {"data": self.name, "label set": classes, "list of pairs": names}

    def __str__(self) -> str:
        """Say which data these are, how many and how large."""
        size = " × ".join(str(side) for side in self.train[0][1].shape)
        return (
            f"{self.name}, {len(self.train)} train and {len(self.val)} val pairs of "
            f"{size} pixels, {self.label_set.num_classes} classes"
        )


@checked(**_CHOICE)
def load_data(
    run: RunLevel, *, prefer: str = "voc", choice: str | None = None
) -> CourseData:
    """Load the data that ``COURSE_DATA`` names, as ``course_data`` does, and be quiet.

    Args:
        run: Run level, which sets the number of pairs and their size.
        prefer: Data set to look for first, "voc" or "camvid".
        choice: Data to load instead of those that ``COURSE_DATA`` names.

    Raises:
        FileNotFoundError: As for ``course_data``.
        ValueError: As for ``course_data``.
    """
    choice = choice or data_choice(prefer)
    return _scenes(run) if choice == "scenes" else _photographs(run, choice)


@checked(**_CHOICE)
def course_data(
    run: RunLevel, *, prefer: str = "voc", choice: str | None = None
) -> CourseData:
    """Load the data that ``COURSE_DATA`` names, and print what they are.

    ``COURSE_DATA`` is "voc", "camvid", "scenes" or a folder in VOC layout, which may
    name classes of its own (docs/your_own_data.md); a relative path counts from the
    working directory or from the course's folder. If it is unset, the first of
    ``prefer`` and "voc" that is on disk is loaded. Without either, scenes are drawn;
    nothing is downloaded.

    Args:
        run: Run level, which sets the number of pairs and their size: the longer side
            of a photograph is scaled to ``run.image_size``.
        prefer: Data set to look for first, "voc" or "camvid".
        choice: Data to load instead of those that ``COURSE_DATA`` names.

    Raises:
        FileNotFoundError: The data are missing, or ``COURSE_DATA`` is neither a known
            name nor a folder.
        ValueError: The folder holds something other than data in VOC layout, or what
            it holds is not clear.
    """
    is_chosen = choice is not None or "COURSE_DATA" in variables()
    choice = choice or data_choice(prefer)
    data = load_data(run, choice=choice)
    hint = "" if is_chosen else _HINTS.get(choice, "")
    print(f"data: {data}{hint}\n{remarks.wrapped(data.remarks)}", end="")
    return data


def _scenes(run: RunLevel) -> CourseData:
    splits = (("train", run.num_train), ("val", run.num_val))
    scenes = [SceneDataset(*split, size=run.image_size) for split in splits]
    return CourseData("scenes", VOC, *_stack(*map(_read_all, scenes)))


def _photographs(run: RunLevel, choice: str) -> CourseData:
    root = data_folder(choice)
    _require_folder(root, choice)
    shrink = _Shrink(run.image_size)
    folders = [SegmentationFolder(root, s, transform=shrink) for s in ("train", "val")]
    _require_apart(*folders)
    classes, numbers = folders[0].classes, (run.num_train, run.num_val)
    train, val = map(_read_part, folders, numbers)
    stacked = _stack(train.pairs, val.pairs)
    said = [] if choice in PHOTOGRAPHS else [remarks.describe_classes(classes)]
    said += _describe_labels(classes.label_set, *stacked)
    paths, borders = train.paths + val.paths, train.borders + val.borders
    said += remarks.describe_folder(folders[0], paths, borders)
    said += remarks.describe_duplicates(*stacked[:2])
    name, names = data_name(choice), (*train.names, *val.names)
    return CourseData(name, classes.label_set, *stacked, names, tuple(said))


class _Part(NamedTuple):
    """What was read of a split."""

    names: list[str]
    paths: list[tuple[Path, Path]]
    pairs: _Pairs
    borders: list[remarks.Borders]


def _read_part(folder: SegmentationFolder, number: int) -> _Part:
    """Read as many pairs of a split as are wanted, always the same."""
    chosen = np.random.default_rng(0).permutation(len(folder))[:number]
    order = sorted(chosen.tolist())
    read = _read_all(Subset(folder, order))
    return _Part(
        [folder.names[k] for k in order],
        [folder.paths[k] for k in order],
        [(image, target) for image, target, _ in read],
        [borders for *_, borders in read],
    )


def _require_folder(root: Path, choice: str) -> None:
    if root.is_dir():
        return
    if root.is_file():
        raise ValueError(f"{root} must be a folder, but is a file; unpack it first")
    advice = (
        f"fetch it with: {_DOWNLOAD} {choice}, or unset COURSE_DATA"
        if choice in PHOTOGRAPHS
        else "set COURSE_DATA to voc, scenes, camvid or an existing folder"
    )
    raise FileNotFoundError(f"the folder {root} must exist, but does not; {advice}")


def _require_apart(train: SegmentationFolder, val: SegmentationFolder) -> None:
    """Refuse pairs that are both trained on and validated."""
    if both := sorted({*train.names} & {*val.names}):
        some = ", ".join(both[:3]) + (", …" if len(both) > 3 else "")
        raise ValueError(
            f"{train.lists.path('train')} and {val.lists.path('val').name} must not "
            f"name the same pairs, but {len(both)} are in both ({some}); delete them "
            "from one of the two"
        )


def _describe_labels(
    label_set: LabelSet,
    train: TensorDataset,
    val: TensorDataset,
    train_sizes: Tensor,
    val_sizes: Tensor,
) -> list[str]:
    """List the share of each class; refuse what teaches nothing."""
    counts = {
        "train": remarks.count_values(train, train_sizes),
        "val": remarks.count_values(val, val_sizes),
    }
    remarks.check_labels(counts["train"], counts["val"], label_set)
    return [
        remarks.describe_shares(split, number, label_set)
        for split, number in counts.items()
    ]


class _Shrink:
    """Scales a pair to the longer side, and counts how its target changes classes."""

    def __init__(self, image_size: int) -> None:
        self.image_size = image_size

    def __call__(
        self, image: Image.Image, target: Image.Image
    ) -> tuple[Image.Image, Image.Image, remarks.Borders]:
        scale = self.image_size / max(image.size)
        size = tuple(max(1, round(side * scale)) for side in image.size)
        # Class indices are names, not quantities: their averages mean nothing
        smaller = target.resize(size, Image.Resampling.NEAREST)
        borders = remarks.count_borders(np.asarray(target))
        return image.resize(size, Image.Resampling.BILINEAR), smaller, borders


def _read_all(pairs: Dataset) -> list[Any]:
    """Read every pair; on Linux, many pairs are read with all cores."""
    is_large = sys.platform == "linux" and len(pairs) > 100
    # Forking is safe here, since nothing has run on a GPU yet
    workers = min(16, len(os.sched_getaffinity(0))) if is_large else 0
    own = torch.Generator()  # leaves torch's global generator as it was
    return list(DataLoader(pairs, None, num_workers=workers, generator=own))


def _stack(*splits: _Pairs) -> list[TensorDataset | Tensor]:
    """Pad all pairs to one size; return the padded splits, then their sizes before."""
    sizes = [torch.tensor([im.size[::-1] for im, _ in pairs]) for pairs in splits]
    largest = torch.cat(sizes).amax(dim=0)
    cells = 32 * torch.ceil(largest / 32).int()  # whole cells of the networks' strides
    return [*(_fill(pairs, cells.tolist()) for pairs in splits), *sizes]


def _fill(pairs: _Pairs, sides: list[int]) -> TensorDataset:
    shape = (len(pairs), *sides)
    images = np.broadcast_to(np.uint8(_MEAN_COLOR), (*shape, 3)).copy()
    targets = np.full(shape, IGNORE_INDEX, dtype=np.uint8)
    for k, (image, target) in enumerate(pairs):
        images[k, : image.height, : image.width] = np.asarray(image)
        targets[k, : image.height, : image.width] = np.asarray(target)
    return TensorDataset(
        torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(),
        torch.from_numpy(targets),
    )
