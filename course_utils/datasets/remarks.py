"""What to say of photographs and targets when they are loaded.

A mistake in a data set seldom stops a training; a line on what was read shows it.
"""

import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import TensorDataset

from course_utils.datasets.class_files import FolderClasses
from course_utils.datasets.folder import SegmentationFolder
from course_utils.datasets.orientation import Fit, count_fits
from course_utils.labels import IGNORE_INDEX, LabelSet

_FEW = 20  # smooth borders; so many may be there by chance
_WIDTH = 88


class Borders(NamedTuple):
    """How the values of a target change from one class to another.

    Attributes:
        smooth: Short runs of a value that lies between those of the runs around it.
        sharp: Neighbors that differ by more than 1 without such a run beside them.
    """

    smooth: int
    sharp: int


def count_borders(target: np.ndarray) -> Borders:
    """Count along every row and column; of a large target, along some of them.

    Smoothing turns most borders from sharp into smooth ones. On 40 targets each of
    CamVid and VOC there are at most 0.02 smooth ones for a sharp one, and after a
    bilinear resize at least 3.

    Args:
        target: Class indices and void, uint8, (H, W).
    """
    step = 1 + max(target.shape) // 250
    along = [_count_rows(lines[::step]) for lines in (target, target.T)]
    return Borders(*map(sum, zip(*along, strict=True)))


def _count_rows(lines: np.ndarray) -> Borders:
    width = lines.shape[1]
    starts = np.ones(lines.shape, dtype=bool)
    starts[:, 1:] = lines[:, 1:] != lines[:, :-1]
    first = np.flatnonzero(starts)  # pixel of each run, counted through all rows
    values = lines.ravel()[first].astype(np.int16)
    lengths = np.diff(first, append=lines.size)
    is_border = first[1:] // width == first[:-1] // width
    is_border &= (values[1:] != IGNORE_INDEX) & (values[:-1] != IGNORE_INDEX)
    change = np.diff(values) * is_border
    is_between = np.zeros(values.shape, dtype=bool)
    is_between[1:-1] = np.sign(change[:-1]) * np.sign(change[1:]) > 0
    is_between &= lengths <= max(2, width // 64)
    is_sharp = (np.abs(change) > 1) & ~is_between[1:] & ~is_between[:-1]
    return Borders(int(is_between.sum()), int(is_sharp.sum()))


def check_labels(train: Tensor, val: Tensor, label_set: LabelSet) -> None:
    """Refuse targets from which nothing can be learned.

    Args:
        train: Number of pixels of each value in the training targets, (256,).
        val: The same of the validation targets.
        label_set: Classes of the targets.

    Raises:
        ValueError: One class is everywhere in the training targets, or the validation
            targets hold nothing but void.
    """
    occurring = [name for k, name in enumerate(label_set.names) if train[k]]
    if len(occurring) > 1 and val[: label_set.num_classes].any():
        return
    void = 100 * train[IGNORE_INDEX].item() / max(1, train.sum().item())
    raise ValueError(
        "targets must show at least two classes in train and one in val, got "
        f"{' and '.join(occurring) or 'no class'} in train, and {void:.0f} % void; if "
        f"{IGNORE_INDEX} is an object and not void, say so in classes.txt with a value "
        f"and a name per line: '0 background', '{IGNORE_INDEX} object'"
    )


def count_values(pairs: TensorDataset, sizes: Tensor) -> Tensor:
    """Count the pixels of each target value without padding, int64, (256,)."""
    counts = torch.zeros(256, dtype=torch.int64)
    for target, (height, width) in zip(pairs.tensors[1], sizes.tolist(), strict=True):
        counts += torch.bincount(target[:height, :width].flatten(), minlength=256)
    return counts


def describe_shares(split: str, counts: Tensor, label_set: LabelSet) -> str:
    """List the share of each class and of void, the largest first."""
    total = max(1, counts.sum().item())
    shares = {n: counts[k].item() / total for k, n in enumerate(label_set.names)}
    order = sorted(filter(shares.get, shares), key=shares.get, reverse=True)
    parts = [f"{name} {_percent(shares[name])}" for name in order]
    absent = [name for name in shares if not shares[name]]
    text = f"{split}: {', '.join(parts)}; void {_percent(counts[255].item() / total)}"
    return text + (f"; no {', '.join(absent)}" if absent else "")


def _percent(share: float) -> str:
    """Write a proportion; the space in it keeps a line from breaking there."""
    number = f"{max(0.1, 100 * share):.1f}" if share else "0"
    return f"{number}\N{NO-BREAK SPACE}%"


def describe_classes(classes: FolderClasses) -> str:
    """Say where the classes of a folder come from."""
    names = ", ".join(classes.label_set.names)
    if classes.source:
        return f"classes, from {classes.source}: {names}"
    return (
        "the folder names no classes, so they are taken for "
        f"{classes.label_set.name}'s; if they are others, name them in its classes.txt "
        "(docs/your_own_data.md)"
    )


def describe_folder(
    folder: SegmentationFolder,
    paths: Iterable[tuple[Path, Path]],
    borders: Iterable[Borders],
) -> list[str]:
    """Say what was assumed of a folder, and what looks wrong in it.

    Args:
        folder: Folder, opened for any of its splits.
        paths: Photographs and targets that were read.
        borders: Borders in each of these targets.
    """
    found = []
    if folder.lists.splits_itself:
        found.append(
            "no train.txt and val.txt: one pair in five, chosen by its name, validates"
        )
    if without := folder.num_without_target:
        found.append(f"{without} photographs have no target and are left out")
    fits = count_fits(paths)
    if turned := _describe_turns(fits, fits[Fit.EITHER] and folder.are_drawn_as_stored):
        found.append(turned)
    smooth, sharp = map(sum, zip(*borders, strict=True))
    if smooth > max(_FEW, sharp):
        found.append(
            "warning: from class to class, the targets mostly pass through the values "
            "in between, as after smoothing or resizing; if they were resized, export "
            "them anew or resize them by the nearest neighbor"
        )
    return found


def _describe_turns(fits: Counter[Fit], are_stored: bool) -> str:
    """Say how targets are taken to be drawn on photographs that EXIF turns."""
    way = "as stored" if are_stored else "upright"
    parts = {
        Fit.UPRIGHT: "fit them upright",
        Fit.STORED: "fit them only as stored, and are turned too",
        Fit.EITHER: f"fit both ways, and are taken to be drawn on them {way}",
    }
    counted = [f"{fits[fit]} {text}" for fit, text in parts.items() if fits[fit]]
    number = sum(fits[fit] for fit in parts)
    said = f"EXIF turns {number} photographs; of their targets, {'; '.join(counted)}"
    return said if counted else ""


def describe_duplicates(train: TensorDataset, val: TensorDataset) -> list[str]:
    """Say how many validation images are training images too."""
    known = {image.numpy().tobytes() for image in train.tensors[0]}
    number = sum(image.numpy().tobytes() in known for image in val.tensors[0])
    if not number:
        return []
    return [
        f"warning: {number} of {len(val)} val images are in train too, under another "
        "name; the scores on them mean nothing"
    ]


def wrapped(lines: Iterable[str]) -> str:
    """Indent lines below the one that names the data, and break those too long."""
    options = {"initial_indent": "  ", "subsequent_indent": "    "}
    options |= {"break_long_words": False, "break_on_hyphens": False}
    text = "".join(textwrap.fill(line, _WIDTH, **options) + "\n" for line in lines)
    return text.replace("\N{NO-BREAK SPACE}", " ")
