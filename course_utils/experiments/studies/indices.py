"""Indices: a linear probe of the offset within the pooling window.

Does pooling lose where in its 2×2 window something was, and do the indices keep it?
Take the windows of the map before a pool in which exactly one cell belongs to another
class than the other three, which agree: a corner of an object. A linear probe tells
which of the four cells it is: from the pooled map alone, or from the map unpooled with
its indices. Either probe reads the window, or the 3×3 windows around it. By chance it
finds one in four. Notebook 02 compared shifted maps by their squared difference, which
says more of that estimator than of the maps.

The net is DeconvNet, trained on whole pictures for 2N steps, in eval mode. The probe
learns from training pictures and is tested on validation pictures; its ridge penalty is
chosen among the former.

"Pooling loses positions and indices keep them" holds if: with indices, the offset is
found more often by 10 points or more on the mean over the pools, reading 3×3 windows,
and the pooled map alone finds fewer than 9 of 10. Refuted if: the pooled map alone
finds as many within 2 points. Can't be tested if neither finds 35 %, near chance.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.datasets.transforms import eval_transform
from course_utils.experiments.studies.trial import Trial
from course_utils.experiments.studies.windows import train_matched
from course_utils.labels import IGNORE_INDEX
from course_utils.models.blocks import unpool
from course_utils.models.deconvnet import DeconvNet
from course_utils.training.evaluation import predict
from course_utils.training.precision import autocast

READERS = ("pooled map alone", "with indices")
REACHES = {"one window": 1, "3×3 windows": 3}
_LEVELS = range(1, 6)
_MOST = {"train": 4000, "val": 2000}
"""Corners that a probe learns from and is tested on, at most, in each level."""
_LEAST = 100
"""Corners that either takes at least; between two classes lie pixels of void, so there
are none in the windows of the first pools."""
_PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)
_BATCH = 16


def measure(trial: Trial) -> None:
    """Probe the five pools of DeconvNet, and store the means over the pools."""
    names = [f"{reader}, {reach}: found" for reach in REACHES for reader in READERS]
    if trial.is_stored(*names):
        return
    steps = trial.durations["2N steps"]
    net = train_matched(trial, "DeconvNet", "the whole", steps).eval()
    scores = trial.protocol(steps).score(predict(net, trial.data.val.tensors[0]))
    trial.store({"DeconvNet: mean IoU": scores.mean_iou})
    found: dict[str, list[float]] = {name: [] for name in names}
    for level in _LEVELS:
        by_split = {split: corners(net, trial, split, level) for split in _MOST}
        for reach, side in REACHES.items():
            for reader in READERS:
                share = _probe(by_split, reader, side)
                found[f"{reader}, {reach}: found"].append(share)
    by_level = {
        f"pool{level}, {name}": shares[k]
        for name, shares in found.items()
        for k, level in enumerate(_LEVELS)
    }
    means = {name: _mean(shares) for name, shares in found.items()}
    trial.store(by_level | means)


def _mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


class _Corners:
    """The corners of some images at one pool, and what the maps hold around them.

    Attributes:
        offsets: Which of the four cells differs, 2·row + column, int64, (M,).
        features: By reader, the 3×3 windows around each corner, float32, (M, F, 9): a
            pooled window has C features, an unpooled one 4C.
    """

    def __init__(self) -> None:
        self.offsets = torch.empty(0, dtype=torch.int64)
        self.features: dict[str, Tensor] = {}

    def add(self, offsets: Tensor, features: dict[str, Tensor], most: int) -> None:
        """Append corners, until there are ``most``."""
        room = most - len(self.offsets)
        self.offsets = torch.cat([self.offsets.to(offsets.device), offsets[:room]])
        for reader, values in features.items():
            before = self.features.get(reader, values[:0])
            self.features[reader] = torch.cat([before, values[:room]])


def corner_offsets(targets: Tensor, cell: int) -> Tensor:
    """Find the windows in which one cell differs from three that agree.

    Args:
        targets: Class indices, integer, (N, H, W).
        cell: Side of a cell of the map before the pool, pixels. The class of a cell is
            that of the pixel right below and right of its middle.

    Returns:
        2·row + column of the cell that differs, int64, (N, h, w), with h = H/(2·cell);
        -1 where there is no such cell, or where one is void.
    """
    cells = targets[:, cell // 2 :: cell, cell // 2 :: cell].long()
    four = F.pixel_unshuffle(cells[:, None].float(), 2).long()  # (N, 4, h, w)
    # To how many cells of its window each is equal, itself included
    equals = (four[:, :, None] == four[:, None]).sum(dim=2)
    is_corner = equals.sort(dim=1).values == torch.tensor(
        [1, 3, 3, 3], device=four.device
    ).view(1, 4, 1, 1)
    is_known = (four != IGNORE_INDEX).all(dim=1)
    return equals.argmin(dim=1).where(is_corner.all(dim=1) & is_known, -1)


@torch.no_grad()
def corners(net: DeconvNet, trial: Trial, split: str, level: int) -> _Corners:
    """Collect corners of a split at a pool, with the maps around them."""
    pairs = trial.data.train if split == "train" else trial.data.val
    found = _Corners()
    for images, targets in zip(*(t.split(_BATCH) for t in pairs.tensors), strict=True):
        if len(found.offsets) >= _MOST[split]:
            break
        images, targets = eval_transform()(
            images.to(trial.device), targets.to(trial.device)
        )
        pooled, unpooled = maps_at(net, images, level)
        offsets = corner_offsets(targets, 2 ** (level - 1))
        chosen = offsets >= 0
        features = {}
        for reader, maps in zip(READERS, (pooled, unpooled), strict=True):
            around = F.unfold(maps, 3, padding=1)  # (N, F·9, h·w)
            around = around.unflatten(1, (-1, 9)).permute(0, 3, 1, 2)
            features[reader] = around[chosen.flatten(1)]  # (M, F, 9)
        found.add(offsets[chosen], features, _MOST[split])
    return found


def maps_at(net: DeconvNet, images: Tensor, level: int) -> tuple[Tensor, Tensor]:
    """Compute the pooled map of a level, and the unpooled one, a window a cell.

    Returns:
        Pooled map, float32, (N, C, h, w), and the map unpooled with the indices, its
        2×2 windows as channels, (N, 4C, h, w).
    """
    x = images.contiguous(memory_format=torch.channels_last)
    with autocast():
        for stage in net.stages[:level]:
            before = stage(x)
            x, index = net.pool(before)
    size = tuple(before.shape[-2:])
    restored = unpool(x.float().contiguous(), index.contiguous(), size)
    return x.float(), F.pixel_unshuffle(restored, 2)


def _probe(by_split: dict[str, _Corners], reader: str, side: int) -> float:
    """Train a linear probe; return the share of the offsets that it finds."""
    train, val = (by_split[split] for split in ("train", "val"))
    if min(len(train.offsets), len(val.offsets)) < _LEAST:
        return math.nan
    middle = slice(4, 5) if side == 1 else slice(None)
    features, tested = (
        corners.features[reader][..., middle].flatten(1) for corners in (train, val)
    )
    return probe_share(features, train.offsets, tested, val.offsets)


def probe_share(
    features: Tensor, offsets: Tensor, tested: Tensor, expected: Tensor
) -> float:
    """Fit a ridge regression to one-hot offsets; return the share found right.

    Args:
        features: Features to learn from, float, (M, F).
        offsets: Offsets from 0 to 3, int64, (M,).
        tested: Features to test on, float, (K, F).
        expected: Their offsets, int64, (K,).
    """
    mean, spread = features.mean(dim=0), features.std(dim=0) + 1e-6
    features, tested = (features - mean) / spread, (tested - mean) / spread
    fold = torch.arange(len(features), device=features.device) % 4 == 3

    def right(penalty: float) -> float:
        guess = _ridge(features[~fold], offsets[~fold], features[fold], penalty)
        return float((guess == offsets[fold]).double().mean())

    best = max(_PENALTIES, key=right)
    guess = _ridge(features, offsets, tested, best)
    return float((guess == expected).double().mean())


def _ridge(features: Tensor, offsets: Tensor, tested: Tensor, penalty: float) -> Tensor:
    """Regress in the dual form, since there may be more features than corners."""
    wanted = F.one_hot(offsets, 4).double()
    center = wanted.mean(dim=0)
    x, y = features.double(), tested.double()
    kernel = x @ x.mT
    scale = penalty * kernel.diagonal().mean() * torch.eye(len(x)).to(kernel)
    weights = torch.linalg.solve(kernel + scale, wanted - center)
    return (y @ x.mT @ weights + center).argmax(dim=1)
