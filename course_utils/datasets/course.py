"""The train and val data of this run."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from course_utils.datasets.folder import SegmentationFolder
from course_utils.datasets.scenes.dataset import SceneDataset
from course_utils.labels import CAMVID, IGNORE_INDEX, VOC, LabelSet
from course_utils.settings import (
    PHOTOGRAPHS,
    RunLevel,
    data_choice,
    data_folder,
    data_name,
    variables,
)

Pairs = list[tuple[Image.Image, Image.Image]]
_DOWNLOAD = "python -m course_utils download"
_HINTS = {
    "scenes": f" (photographs: {_DOWNLOAD} voc)",
    "camvid": " (on disk, and fits best here; COURSE_DATA=voc or scenes changes it)",
}
"""What to say of data that nobody asked for; VOC is what all notebooks take."""
_MEAN_COLOR = (124, 116, 104)  # ImageNet's, so that padding is 0 once normalized


@dataclass(frozen=True)
class CourseData:
    """Training and validation pairs, decoded once, all of one size.

    Attributes:
        name: "scenes", or "voc" or "camvid" after the classes of the photographs.
        label_set: the classes.
        train: pairs (image, target): uint8, (3, H, W) and uint8, (H, W). Smaller images
            are padded at the bottom and right; the padding is void.
        val: likewise.
        train_sizes: height and width of each training image within its canvas, (N, 2).
        val_sizes: likewise.
    """

    name: str
    label_set: LabelSet
    train: TensorDataset
    val: TensorDataset
    train_sizes: Tensor
    val_sizes: Tensor


def course_data(
    run: RunLevel, *, prefer: str = "voc", choice: str | None = None
) -> CourseData:
    """Load the data that ``COURSE_DATA`` names, and say which it is.

    Where it is unset, ``settings.data_choice`` decides. A relative path counts from the
    working directory or from the course's folder. Nothing is downloaded.

    Args:
        run: how many pairs, and of which size; the longer side of a photograph is
            scaled to ``run.image_size``.
        prefer: "voc" or "camvid".
        choice: what to take instead of what ``COURSE_DATA`` says.

    Raises:
        FileNotFoundError: the data are not there, or ``COURSE_DATA`` is none of the
            names and no folder.
        ValueError: the folder holds something else than data in VOC layout.
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
    def load(split: str, number: int) -> Pairs:
        scenes = SceneDataset(split, number, size=run.image_size)
        return _read_all(scenes)

    train, val = load("train", run.num_train), load("val", run.num_val)
    return CourseData("scenes", VOC, *_stack(train, val))


def _photographs(run: RunLevel, choice: str) -> CourseData:
    root = data_folder(choice)
    if not root.is_dir():
        advice = (
            f"fetch it with: {_DOWNLOAD} {choice}, or unset COURSE_DATA"
            if choice in PHOTOGRAPHS
            else "COURSE_DATA takes voc, scenes, camvid or an existing folder"
        )
        raise FileNotFoundError(f"the folder {root} must exist, and does not; {advice}")
    label_set = CAMVID if data_name(choice) == CAMVID.name else VOC
    shrink = _shrink_to(run.image_size)

    def load(split: str, number: int) -> Pairs:
        folder = SegmentationFolder(root, split, label_set=label_set, transform=shrink)
        order = np.random.default_rng(0).permutation(len(folder))[:number]
        return _read_all(Subset(folder, sorted(order)))

    train, val = load("train", run.num_train), load("val", run.num_val)
    return CourseData(label_set.name, label_set, *_stack(train, val))


def _read_all(pairs: Dataset) -> Pairs:
    """Read every pair, on Linux with all cores where there are many."""
    is_large = sys.platform == "linux" and len(pairs) > 100
    # Forked before anything runs on a GPU, so that this is safe
    workers = min(16, len(os.sched_getaffinity(0))) if is_large else 0
    own = torch.Generator()  # the global one would move on
    return list(DataLoader(pairs, None, num_workers=workers, generator=own))


def _shrink_to(longer_side: int) -> Callable[..., tuple[Image.Image, Image.Image]]:
    def shrink(
        image: Image.Image, target: Image.Image
    ) -> tuple[Image.Image, Image.Image]:
        scale = longer_side / max(image.size)
        size = tuple(max(1, round(side * scale)) for side in image.size)
        # A class index is a name, not a quantity: never an average of two
        return (
            image.resize(size, Image.Resampling.BILINEAR),
            target.resize(size, Image.Resampling.NEAREST),
        )

    return shrink


def _stack(*splits: Pairs) -> list[TensorDataset | Tensor]:
    """Put every pair into the corner of a canvas; all canvases have one size.

    Returns the data set of each split, then the sizes of its images.
    """
    images = [image for pairs in splits for image, _ in pairs]
    height = max(-(-image.height // 32) * 32 for image in images)
    width = max(-(-image.width // 32) * 32 for image in images)
    sizes = [
        torch.tensor([(image.height, image.width) for image, _ in pairs])
        for pairs in splits
    ]
    return [*(_fill(pairs, height, width) for pairs in splits), *sizes]


def _fill(pairs: Pairs, height: int, width: int) -> TensorDataset:
    shape = (len(pairs), height, width)
    images = np.broadcast_to(np.uint8(_MEAN_COLOR), (*shape, 3)).copy()
    targets = np.full(shape, IGNORE_INDEX, dtype=np.uint8)
    for k, (image, target) in enumerate(pairs):
        images[k, : image.height, : image.width] = np.asarray(image)
        targets[k, : image.height, : image.width] = np.asarray(target)
    return TensorDataset(
        torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(),
        torch.from_numpy(targets),
    )
