"""What a trained model predicts, and how much of it is right."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

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

_SMALLEST = 32  # least side that every model takes, pixels
_STRIP_VALUES = 1 << 20  # scores of a strip of a photograph, 4 MiB

Batches = Iterable[tuple[Tensor, Tensor]]
Transform = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def _infer(
    model: nn.Module, batches: Batches, transform: Transform
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the logits and the moved targets of one batch after another."""
    device = next(model.parameters()).device
    model.eval()
    for images, targets in batches:
        images, targets = transform(images.to(device), targets.to(device))
        with torch.no_grad(), autocast():
            logits = model(images.contiguous(memory_format=torch.channels_last))
        yield logits, targets


def evaluate(model: nn.Module, batches: Batches, num_classes: int) -> ConfusionMatrix:
    """Count every pixel of the batches once; the model is left in eval mode.

    Args:
        model: Net that maps images to logits, on any device.
        batches: Validation pairs.
        num_classes: Number of classes in the label set.
    """
    confusion = ConfusionMatrix(num_classes)
    for logits, targets in _infer(model, batches, eval_transform()):
        confusion.update(logits.argmax(dim=1), targets)
    return confusion


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
    """
    no_targets = ((batch, batch[:, 0]) for batch in images.split(batch_size))
    for logits, _ in _infer(model, no_targets, eval_transform()):
        yield logits


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
    return logits[0].float()[:, :height, :width]


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
    """
    counts = evaluate(model, batches, label_set.num_classes).counts
    ious = zip(label_set.names, iou_per_class(counts).tolist(), strict=True)
    return {
        "mean_iou": mean_iou(counts),
        "pixel_accuracy": pixel_accuracy(counts),
        "iou_per_class": {k: None if math.isnan(iou) else iou for k, iou in ious},
    }


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
        for images, targets in batches
    )
    with autocast():
        update_bn(images, model)
    model.eval()
