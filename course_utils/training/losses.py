"""The loss, and weights of the classes in it, so that rare ones count more."""

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.arguments import CLASSES, checked, tensor, whole
from course_utils.labels import IGNORE_INDEX

Criterion = Callable[[Tensor, Tensor], Tensor]
"""Mean loss of logits (N, C, H, W) and targets (N, H, W)."""

_LOGITS = tensor("N C H W", "float")
_TARGETS = tensor("N H W", "integer").but("a single label map needs targets[None]")
_WEIGHTS = tensor("C", "float", finite=True).also(
    "0 or more", lambda weights: bool((weights >= 0).all())
)


@checked(logits=_LOGITS, targets=_TARGETS)
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Average the cross-entropy over all pixels but void, nats; 0 if all are void.

    Shape: logits (N, C, H, W) and targets (N, H, W) to ().
    """
    total = _total(logits, targets, None)
    return total / (targets != IGNORE_INDEX).sum().clamp(min=1)


def _total(logits: Tensor, targets: Tensor, weights: Tensor | None) -> Tensor:
    """Sum the cross-entropy over all pixels but void, each weighted by its class."""
    if logits.shape[:1] + logits.shape[2:] != targets.shape:
        raise ValueError(
            "logits and targets must agree in number, height and width, got "
            f"{tuple(logits.shape)} and {tuple(targets.shape)}"
        )
    options = {"ignore_index": IGNORE_INDEX, "reduction": "sum"}
    try:
        return F.cross_entropy(logits, targets.long(), weight=weights, **options)
    except IndexError as error:  # of a CPU; a GPU looks at no value
        raise ValueError(
            f"targets must hold class indices from 0 to {logits.shape[1] - 1} or "
            f"{IGNORE_INDEX} for void, but do not ({error})"
        ) from None


@checked(targets=_TARGETS, num_classes=CLASSES, ignore_index=whole())
def median_frequency_weights(
    targets: Tensor, num_classes: int, ignore_index: int = IGNORE_INDEX
) -> Tensor:
    """Weigh each class by the median frequency over its own.

    Built in notebook 03 (exercise 3.2). The frequency of a class is its number of
    pixels over all pixels, void included, of the images in which it occurs.

    Args:
        targets: Class indices and void, integer, (N, H, W).
        num_classes: Number of classes in the label set.
        ignore_index: Class index of void.

    Returns:
        float32, (num_classes,), on the device of ``targets``. 0 for a class that occurs
        nowhere, which has no part in the median; of an even number of frequencies it is
        the mean of the middle two.

    Raises:
        TypeError: The targets are not integer.
        ValueError: The targets are not (N, H, W), or hold neither a class nor void.

    Source:
        Eigen and Fergus, 2015, arXiv:1411.4734; Badrinarayanan, Kendall and Cipolla,
        2017, arXiv:1511.00561.
    """
    counts = _pixels_per_image(targets, num_classes, ignore_index)
    pixels = counts.sum(dim=0).double()
    images = (counts > 0).sum(dim=0)
    frequency = pixels / (images * targets[0].numel())  # nan where it occurs nowhere
    occurring = frequency[images > 0]
    if len(occurring) == 0:
        return torch.zeros(num_classes, device=targets.device)
    median = occurring.quantile(0.5)  # Tensor.median takes the lower of the middle two
    return (median / frequency).nan_to_num(nan=0.0).float()


@checked(weights=_WEIGHTS)
def weighted_cross_entropy(weights: Tensor) -> Criterion:
    """Make the criterion in which a pixel counts by the weight of its class.

    Args:
        weights: Weight of each class, float32, (C,).

    Returns:
        A function of logits (N, C, H, W) and targets (N, H, W): the weighted mean over
        all pixels but void, nats; 0 if all weights in it are 0. With equal weights it
        is ``cross_entropy``.
    """
    return partial(_weighted_mean, weights)  # unlike a closure, it can be pickled


@checked(logits=_LOGITS, targets=_TARGETS)
def _weighted_mean(weights: Tensor, logits: Tensor, targets: Tensor) -> Tensor:
    if len(weights) != logits.shape[1]:
        raise ValueError(
            f"weights must be one for each of the {logits.shape[1]} classes of the "
            f"logits, got {len(weights)}"
        )
    of_class = weights.to(logits)
    total = _total(logits, targets, of_class)
    counted = of_class[targets[targets != IGNORE_INDEX].long()].sum()
    return total / counted.where(counted > 0, 1)


def _pixels_per_image(targets: Tensor, num_classes: int, ignore_index: int) -> Tensor:
    """Count the pixels of each class in each image, int64, (N, num_classes)."""
    rows = []
    for target in targets:
        classes = target[target != ignore_index].long()
        if len(classes) and not 0 <= classes.min() <= classes.max() < num_classes:
            raise ValueError(
                f"targets must hold classes from 0 to {num_classes - 1} or "
                f"{ignore_index} for void, got {classes.min()} to {classes.max()}"
            )
        rows.append(torch.bincount(classes, minlength=num_classes))
    return torch.stack(rows)
