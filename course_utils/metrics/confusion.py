"""The confusion matrix of a data set, and the scores computed from it."""

import torch
from torch import Tensor

from course_utils.arguments import CLASSES, checked, tensor, whole
from course_utils.labels import IGNORE_INDEX
from course_utils.metrics.label_maps import check_values, stack_pair, value_range

COUNTS = (
    tensor("C C", "number", finite=True)
    .also("square, with a row and a column a class", lambda c: len(c) == c.shape[1])
    .also("0 or more everywhere", lambda counts: bool((counts >= 0).all()))
    .but("such as ConfusionMatrix.counts")
)
"""A rule that functions share: pixel counts of a confusion matrix."""


class ConfusionMatrix:
    """Pixel counts over a data set: row = target class, column = predicted class.

    Built in notebook 00. Unlike there, the CPU does not wait for a GPU to count, and a
    value outside the label set is reported when ``counts`` is read.

    Args:
        num_classes: Number of classes, void not counted.
        ignore_index: Value of void in the target; its pixels are not counted.
    """

    @checked(num_classes=CLASSES, ignore_index=whole())
    def __init__(self, num_classes: int, ignore_index: int = IGNORE_INDEX) -> None:
        self.num_classes, self.ignore_index = num_classes, ignore_index
        self._bins = torch.zeros(num_classes**2 + 1, dtype=torch.int64)  # last: void
        self._lowest = self._highest = torch.zeros(2, dtype=torch.int64)

    def update(self, prediction: Tensor, target: Tensor) -> None:
        """Count the pixels of two label maps, both (H, W) or both (N, H, W).

        Raises:
            TypeError: One of them does not hold integers.
            ValueError: The shapes differ, or a value is outside the label set.
        """
        pair = stack_pair(prediction, target)
        pair = pair if pair.is_cuda else pair.cpu()
        lowest, highest = value_range(pair, self.ignore_index)
        if not pair.is_cuda:
            check_values(lowest, highest, self.num_classes)
        void_bin = self.num_classes**2
        bins = pair[1] * self.num_classes + pair[0]
        bins = torch.where(pair[1] == self.ignore_index, void_bin, bins).flatten()
        bins = bins.clamp(0, void_bin)  # ``counts`` will report wrong values
        before = self._bins.to(pair.device)
        # Not bincount, which makes the CPU wait for the GPU
        self._bins = before.scatter_add(0, bins, torch.ones_like(bins))
        self._lowest = lowest.minimum(self._lowest.to(pair.device))
        self._highest = highest.maximum(self._highest.to(pair.device))

    @property
    def counts(self) -> Tensor:
        """Pixel counts so far, int64, (num_classes, num_classes), on the CPU.

        Raises:
            ValueError: A map on a GPU held a value outside the label set.
        """
        check_values(self._lowest, self._highest, self.num_classes)
        return self._bins[:-1].view(self.num_classes, self.num_classes).cpu().clone()


@checked(counts=COUNTS)
def pixel_accuracy(counts: Tensor) -> float:
    """Return the proportion of counted pixels that are right; nan without any."""
    return (counts.diagonal().sum().double() / counts.sum()).item()


@checked(counts=COUNTS)
def iou_per_class(counts: Tensor) -> Tensor:
    """Compute the intersection over union of each class, float64, (num_classes,).

    A class that is in no target and in no prediction has no union; its value is nan.
    """
    intersection = counts.diagonal().double()
    return intersection / (counts.sum(dim=0) + counts.sum(dim=1) - intersection)


@checked(counts=COUNTS)
def mean_iou(counts: Tensor) -> float:
    """Return the mean of the IoUs that are defined; nan if none is.

    Built in notebook 00. A class that is predicted but in no target counts as 0. If
    every class occurs, this is VOC's score.
    """
    return iou_per_class(counts).nanmean().item()
