"""The training and validation data of this run."""

import os
import sys
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from course_utils.arguments import (
    NAME,
    a,
    check_all,
    checked,
    one_of,
    optional,
    tensor,
)
from course_utils.datasets.folder import SegmentationFolder
from course_utils.datasets.scenes.dataset import SceneDataset
from course_utils.labels import CAMVID, IGNORE_INDEX, LABEL_SET, VOC, LabelSet
from course_utils.settings import (
    PHOTOGRAPHS,
    RunLevel,
    data_choice,
    data_folder,
    data_name,
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
}


@dataclass(frozen=True)
class CourseData:
    """Training and validation pairs, decoded once, all of one size.

    Attributes:
        name: "scenes", or "voc" or "camvid" after the classes of the photographs.
        label_set: Classes of the data.
        train: Training pairs (image, target): uint8, (3, H, W) and uint8, (H, W).
            Smaller images are padded at the bottom and right; the padding is void.
        val: Validation pairs, likewise.
        train_sizes: Height and width of each training image without padding, (N, 2).
        val_sizes: Height and width of each validation image without padding, (N, 2).
    """

    name: str
    label_set: LabelSet
    train: TensorDataset
    val: TensorDataset
    train_sizes: Tensor
    val_sizes: Tensor

    def __post_init__(self) -> None:
        """Refuse what is no data of a run."""
        check_all(_RULES, vars(self).items())


@checked(
    run=a("RunLevel", advice="take settings.run_level()"),
    prefer=one_of(*PHOTOGRAPHS),
    choice=optional(NAME),
)
def course_data(
    run: RunLevel, *, prefer: str = "voc", choice: str | None = None
) -> CourseData:
    """Load the data that ``COURSE_DATA`` names, and print which they are.

    ``COURSE_DATA`` is "voc", "camvid", "scenes" or a folder in VOC layout; a relative
    path counts from the working directory or from the course's folder. If it is unset,
    the first of ``prefer`` and "voc" that is on disk is loaded. Without either, scenes
    are drawn; nothing is downloaded.

    Args:
        run: Run level, which sets the number of pairs and their size: the longer side
            of a photograph is scaled to ``run.image_size``.
        prefer: Data set to look for first, "voc" or "camvid".
        choice: Data to load instead of those that ``COURSE_DATA`` names.

    Raises:
        FileNotFoundError: The data are missing, or ``COURSE_DATA`` is neither a known
            name nor a folder.
        ValueError: The folder holds something other than data in VOC layout.
    """
    is_chosen = choice is not None or "COURSE_DATA" in variables()
    choice = choice or data_choice(prefer)
    hint = "" if is_chosen else _HINTS.get(choice, "")
    data = _scenes(run) if choice == "scenes" else _photographs(run, choice)
    size = " × ".join(str(side) for side in data.train[0][1].shape)
    print(
        f"data: {data.name}, {len(data.train)} train and {len(data.val)} val pairs of "
        f"{size} pixels, {data.label_set.num_classes} classes{hint}"
    )
    return data


def _scenes(run: RunLevel) -> CourseData:
    splits = (("train", run.num_train), ("val", run.num_val))
    scenes = [SceneDataset(*split, size=run.image_size) for split in splits]
    return CourseData("scenes", VOC, *_stack(*map(_read_all, scenes)))


def _photographs(run: RunLevel, choice: str) -> CourseData:
    root = data_folder(choice)
    if not root.is_dir():
        advice = (
            f"fetch it with: {_DOWNLOAD} {choice}, or unset COURSE_DATA"
            if choice in PHOTOGRAPHS
            else "set COURSE_DATA to voc, scenes, camvid or an existing folder"
        )
        raise FileNotFoundError(f"the folder {root} must exist, but does not; {advice}")
    label_set = CAMVID if data_name(choice) == CAMVID.name else VOC

    def shrink(image: Image.Image, target: Image.Image) -> tuple[Image.Image, ...]:
        scale = run.image_size / max(image.size)
        size = tuple(max(1, round(side * scale)) for side in image.size)
        # Class indices are names, not quantities: their averages mean nothing
        smaller = target.resize(size, Image.Resampling.NEAREST)
        return image.resize(size, Image.Resampling.BILINEAR), smaller

    def load(split: str, number: int) -> _Pairs:
        folder = SegmentationFolder(root, split, label_set=label_set, transform=shrink)
        order = np.random.default_rng(0).permutation(len(folder))[:number]
        return _read_all(Subset(folder, sorted(order)))

    train, val = load("train", run.num_train), load("val", run.num_val)
    return CourseData(label_set.name, label_set, *_stack(train, val))


def _read_all(pairs: Dataset) -> _Pairs:
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
