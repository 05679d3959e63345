"""What a trained model predicts, and how much of it is right."""

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.optim.swa_utils import update_bn

from course_utils.arguments import (
    CLASSES,
    NET,
    Rule,
    array,
    checked,
    shown,
    size,
    tensor,
    whole,
)
from course_utils.datasets.photographs import scale_photograph
from course_utils.datasets.transforms import eval_transform
from course_utils.labels import LabelSet
from course_utils.metrics import (
    ConfusionMatrix,
    iou_per_class,
    mean_iou,
    pixel_accuracy,
)
from course_utils.training.precision import autocast

BATCHES = Rule(
    "batches of images and targets",
    lambda value: (
        hasattr(value, "__iter__")
        and not isinstance(value, (str, bytes, dict, Tensor, np.ndarray))
    ),
    advice="such as a DataLoader",
)
"""A rule that functions share: what is trained or evaluated on."""
_IMAGES = tensor("N 3 H W", "any")  # the transform refuses other dtypes
_PHOTOGRAPH = {
    "model": NET,
    "image": array("H W 3", "uint8"),
    "image_size": whole(1),
}
_SMALLEST = 32  # least side that every model takes, pixels
_STRIP_VALUES = 1 << 20  # scores of a strip of a photograph, 4 MiB

Batches = Iterable[tuple[Tensor, Tensor]]
Transform = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def _infer(
    model: nn.Module, batches: Batches, transform: Transform
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the logits and the moved targets of one batch after another.

    Raises:
        TypeError: A batch is no pair of tensors.
        ValueError: The model returns no map of logits.
    """
    device = next(model.parameters()).device
    model.eval()
    for images, targets in pairs_of(batches):
        images, targets = transform(images.to(device), targets.to(device))
        with torch.no_grad(), autocast():
            logits = model(images.contiguous(memory_format=torch.channels_last))
        if not (isinstance(logits, Tensor) and logits.ndim == 4):
            raise ValueError(
                f"the model must return logits (N, C, H, W), got {shown(logits)}"
            )
        yield logits, targets


def pairs_of(batches: Batches) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches, and refuse those that are no pair of images and targets."""
    for number, batch in enumerate(batches):
        yield as_pair(f"batch {number}", batch)


def as_pair(name: str, given: Any) -> tuple[Tensor, Tensor]:
    """Return images and targets, and refuse what is no pair of tensors."""
    is_pair = isinstance(given, (tuple, list)) and len(given) == 2
    if not (is_pair and all(isinstance(part, Tensor) for part in given)):
        raise TypeError(
            f"{name} must be a pair of tensors, images and targets, got {shown(given)}"
        )
    return given[0], given[1]


def _refuse_failed(is_finite: bool | Tensor) -> None:
    if not is_finite:
        raise RuntimeError(
            "the model's logits must be finite, got nan or infinity, so its training "
            "has failed; train it again, with a lower lr"
        )


@checked(model=NET, batches=BATCHES, num_classes=CLASSES)
def evaluate(model: nn.Module, batches: Batches, num_classes: int) -> ConfusionMatrix:
    """Count every pixel of the batches once; the model is left in eval mode.

    Args:
        model: Net that maps images to logits, on any device.
        batches: Validation pairs.
        num_classes: Number of classes in the label set.

    Raises:
        TypeError: The batches are no pairs of uint8 images and integer targets.
        ValueError: There are no batches, or the logits do not fit the targets or the
            label set.
        RuntimeError: Logits are nan or infinite: the training of the model has failed.
    """
    confusion, num_batches = ConfusionMatrix(num_classes), 0
    is_finite: bool | Tensor = True  # read once: reading makes a GPU wait
    for logits, targets in _infer(model, batches, eval_transform()):
        if logits.shape[1] != num_classes:
            raise ValueError(
                f"the model must return logits for the {num_classes} classes of "
                f"num_classes, got {logits.shape[1]} channels"
            )
        is_finite = logits.isfinite().all() & is_finite
        confusion.update(logits.argmax(dim=1), targets)
        num_batches += 1
    if num_batches == 0:
        raise ValueError("batches must hold at least one batch, got none")
    _refuse_failed(is_finite)
    return confusion


@checked(model=NET, images=_IMAGES, batch_size=whole(1))
def predict_logits(
    model: nn.Module, images: Tensor, *, batch_size: int = 16
) -> Iterator[Tensor]:
    """Predict the logits of one batch after another; the model is left in eval mode.

    Args:
        model: Net that maps images to logits, on any device.
        images: Images, uint8, (N, 3, H, W).
        batch_size: Number of images predicted at a time.

    Yields:
        Logits, (batch_size, C, H, W), the last batch maybe smaller, on the model's
        device.

    Raises:
        TypeError: The images are not uint8.
        ValueError: They are not (N, 3, H, W), or the model returns no map of logits.
        RuntimeError: Logits are nan or infinite: the training of the model has failed.
    """
    no_targets = ((batch, batch[:, 0]) for batch in images.split(batch_size))
    for logits, _ in _infer(model, no_targets, eval_transform()):
        _refuse_failed(logits.isfinite().all())
        yield logits


@checked(model=NET, images=_IMAGES, batch_size=whole(1))
def predict(model: nn.Module, images: Tensor, *, batch_size: int = 16) -> Tensor:
    """Predict the class of every pixel; the model is left in eval mode.

    Args:
        model: Net that maps images to logits, on any device.
        images: Images, uint8, (N, 3, H, W).
        batch_size: Number of images predicted at a time.

    Returns:
        Class indices, uint8, (N, H, W), on the CPU.
    """
    batches = predict_logits(model, images, batch_size=batch_size)
    return torch.cat([logits.argmax(dim=1).to(torch.uint8).cpu() for logits in batches])


@checked(**_PHOTOGRAPH)
def predict_label_map(
    model: nn.Module, image: np.ndarray, *, image_size: int
) -> Tensor:
    """Predict the class of each pixel of a photograph of any size.

    Memory does not grow with the number of classes times that of the pixels, as it does
    with ``predict_probs``.

    Args:
        model: Net that maps images to logits, on any device; left in eval mode.
        image: Photograph, RGB, uint8, (H, W, 3).
        image_size: Longer side to which it is scaled for the model, pixels.

    Returns:
        Class indices, uint8, (H, W), on the CPU.
    """
    logits = _photograph_logits(model, image, image_size)
    return enlarged_argmax(logits, image.shape[:2])


@checked(**_PHOTOGRAPH)
def predict_probs(model: nn.Module, image: np.ndarray, *, image_size: int) -> Tensor:
    """Predict the probability of each class at each pixel of a photograph of any size.

    Args:
        model: Net that maps images to logits, on any device; left in eval mode.
        image: Photograph, RGB, uint8, (H, W, 3).
        image_size: Longer side to which it is scaled for the model, pixels.

    Returns:
        Probabilities, float32, (C, H, W), on the CPU.
    """
    logits = _photograph_logits(model, image, image_size)
    logits = F.interpolate(logits[None], image.shape[:2], mode="bilinear")
    return logits[0].softmax(dim=0).cpu()


def _photograph_logits(model: nn.Module, image: np.ndarray, image_size: int) -> Tensor:
    """Predict logits, float32, (C, h, w), of a photograph scaled to ``image_size``."""
    pixels = torch.from_numpy(scale_photograph(image, image_size)).permute(2, 0, 1)
    pixels = pixels[None].to(next(model.parameters()).device)
    height, width = pixels.shape[-2:]
    # The short side of a panorama: padding is 0 once normalized, as in training
    padding = [0, max(0, _SMALLEST - width), 0, max(0, _SMALLEST - height)]

    def normalize(images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        images, targets = eval_transform()(images, targets)
        return F.pad(images, padding), targets

    ((logits, _),) = _infer(model, [(pixels, pixels[:, 0])], normalize)
    _refuse_failed(logits.isfinite().all())
    return logits[0].float()[:, :height, :width]


@checked(scores=tensor("C H W", "float"), size=size())
def enlarged_argmax(scores: Tensor, size: tuple[int, int]) -> Tensor:
    """Enlarge scores bilinearly and take the best class of each pixel, in strips.

    Args:
        scores: Logits or probabilities, float, (C, h, w), on any device.
        size: H and W of the result, pixels.

    Returns:
        Class indices, uint8, (H, W), on the CPU.
    """
    (num_classes, rows, _), (height, width) = scores.shape, size
    # Where the center of each row of the result lies among those of the scores
    center = (torch.arange(height, device=scores.device) + 0.5) * rows / height - 0.5
    above = center.clamp(0, rows - 1).floor().long()
    below, share = (above + 1).clamp(max=rows - 1), (center.clamp(min=0) - above)
    strip = max(1, _STRIP_VALUES // (num_classes * width))
    classes = []
    for k in range(0, height, strip):
        part = slice(k, k + strip)
        values = torch.lerp(
            scores[:, above[part]],
            scores[:, below[part]],
            share[part, None].clamp(max=1).to(scores.dtype),
        )
        values = F.interpolate(values[None], (values.shape[1], width), mode="bilinear")
        classes.append(values[0].max(dim=0).indices.to(torch.uint8).cpu())
    return torch.cat(classes)


def scores(model: nn.Module, batches: Batches, label_set: LabelSet) -> dict[str, Any]:
    """Score a model on validation pairs.

    Args:
        model: Net that maps images to logits, on any device; left in eval mode.
        batches: Validation pairs.
        label_set: Classes of the targets.

    Returns:
        "mean_iou", "pixel_accuracy" and "iou_per_class" (by name; None for a class that
        does not occur), proportions.

    Raises:
        ValueError: Every pixel of the targets is void.
    """
    counts = evaluate(model, batches, label_set.num_classes).counts
    check_counts(counts)
    ious = zip(label_set.names, iou_per_class(counts).tolist(), strict=True)
    return {
        "mean_iou": mean_iou(counts),
        "pixel_accuracy": pixel_accuracy(counts),
        "iou_per_class": {k: None if math.isnan(iou) else iou for k, iou in ious},
    }


def check_counts(counts: Tensor) -> None:
    """Refuse a confusion matrix whose mean IoU is nan, and remark on one class alone.

    Raises:
        ValueError: Nothing was counted.
    """
    classes = counts.sum(dim=1).nonzero()[:, 0].tolist()
    if not classes:
        raise ValueError(
            "the validation targets must hold classes, got void (255) alone, of which "
            "no score can be computed; in masks of 0 and 255, the object must become 1"
        )
    if len(classes) == 1:
        print(
            f"note: the validation targets hold class {classes[0]} alone, so their "
            "mean IoU says little"
        )


@checked(model=NET, batches=BATCHES)
def reestimate_batch_norm(model: nn.Module, batches: Batches) -> None:
    """Average the statistics of batch normalization anew, with the weights as they are.

    Built in notebook 03. The running statistics of a training belong to weights that
    have moved on since; these are the means over all batches, each counting alike. The
    model is left in eval mode.

    Args:
        model: Net on any device; one without batch normalization is not changed.
        batches: Training pairs, at least one batch. Dropout acts as in training.

    Source:
        Ioffe and Szegedy, 2015, arXiv:1502.03167, algorithm 2; SegNet's and DeconvNet's
        authors do so before testing.
    """
    device = next(model.parameters()).device
    transform = eval_transform()
    images = (
        transform(images.to(device), targets.to(device))[0].contiguous(
            memory_format=torch.channels_last
        )
        for images, targets in pairs_of(batches)
    )
    has_norms = any(isinstance(m, _BatchNorm) for m in model.modules())
    first = list(islice(images, has_norms))
    if has_norms and not first:
        raise ValueError("batches must hold at least one batch, got none")
    with autocast():
        update_bn(chain(first, images), model)
    model.eval()
