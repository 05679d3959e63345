"""What a trained model predicts, and how much of it is right."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

from course_utils.datasets.transforms import eval_transform
from course_utils.metrics import ConfusionMatrix
from course_utils.training.precision import autocast

SMALLEST = 32  # side that every model takes, pixels

Batches = Iterable[tuple[Tensor, Tensor]]
Transform = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


@torch.no_grad()
def evaluate(
    model: nn.Module,
    batches: Batches,
    num_classes: int,
    *,
    transform: Transform | None = None,
) -> ConfusionMatrix:
    """Count every pixel of the batches once; the model is left in eval mode.

    Args:
        model: on any device.
        batches: the validation pairs.
        num_classes: of the label set.
        transform: ``transforms.eval_transform()`` by default.
    """
    device = next(model.parameters()).device
    transform = transform or eval_transform()
    model.eval()
    confusion = ConfusionMatrix(num_classes)
    for images, targets in batches:
        images, targets = transform(images.to(device), targets.to(device))
        with autocast(device):
            logits = model(images.contiguous(memory_format=torch.channels_last))
        confusion.update(logits.argmax(dim=1), targets)
    return confusion


def predict(model: nn.Module, images: Tensor, *, batch_size: int = 16) -> Tensor:
    """Predict the class of every pixel; the model is left in eval mode.

    Args:
        model: on any device.
        images: uint8, (N, 3, H, W).
        batch_size: images at a time.

    Returns:
        Class indices, uint8, (N, H, W), on the CPU.
    """
    batches = predict_logits(model, images, batch_size=batch_size)
    return torch.cat([logits.argmax(dim=1).to(torch.uint8).cpu() for logits in batches])


def predict_logits(
    model: nn.Module, images: Tensor, *, batch_size: int = 16
) -> Iterator[Tensor]:
    """Predict the logits of one batch after another; the model is left in eval mode.

    Args:
        model: on any device.
        images: uint8, (N, 3, H, W).
        batch_size: images at a time.

    Yields:
        (batch_size, C, H, W), the last one maybe fewer, on the model's device.
    """
    device = next(model.parameters()).device
    transform = eval_transform()
    model.eval()
    for batch in images.split(batch_size):
        batch = batch.to(device)
        batch, _ = transform(batch, batch[:, 0])  # no targets are at hand
        with torch.no_grad(), autocast(device):
            logits = model(batch.contiguous(memory_format=torch.channels_last))
        yield logits


def reestimate_batch_norm(
    model: nn.Module, batches: Batches, *, transform: Transform | None = None
) -> None:
    """Average the statistics of batch normalization anew, with the weights as they are.

    Built in notebook 03. The running statistics of a training belong to weights that
    have moved on since; these are the means over all batches, each counting alike. The
    model is left in eval mode.

    Args:
        model: on any device; one without batch normalization is not changed.
        batches: training pairs, at least one batch. Dropout acts as in training.
        transform: ``transforms.eval_transform()`` by default.

    Source:
        Ioffe and Szegedy, 2015, arXiv:1502.03167, algorithm 2; SegNet's and DeconvNet's
        authors do so before testing.
    """
    device = next(model.parameters()).device
    transform = transform or eval_transform()
    images = (
        transform(images.to(device), targets.to(device))[0].contiguous(
            memory_format=torch.channels_last
        )
        for images, targets in batches
    )
    with autocast(device):
        update_bn(images, model)
    model.eval()


@torch.no_grad()
def predict_probs(model: nn.Module, image: np.ndarray, *, image_size: int) -> Tensor:
    """Predict the probability of each class at each pixel.

    Args:
        model: in eval mode, on any device.
        image: RGB, uint8, (H, W, 3).
        image_size: the longer side is scaled to it for the model, pixels.

    Returns:
        Float32, (C, H, W), on the CPU.
    """
    device = next(model.parameters()).device
    height, width = image.shape[:2]
    scale = image_size / max(height, width)
    size = max(1, round(height * scale)), max(1, round(width * scale))
    pixels = torch.from_numpy(image.copy()).permute(2, 0, 1)[None].to(device)
    pixels = F.interpolate(pixels.float(), size, mode="bilinear", antialias=True)
    pixels = pixels.round().clamp(0, 255).to(torch.uint8)
    normalized, _ = eval_transform()(pixels, pixels[:, 0])
    # Of a panorama, the short side: padding is 0 once normalized, as in training
    padding = [0, max(0, SMALLEST - size[1]), 0, max(0, SMALLEST - size[0])]
    normalized = F.pad(normalized, padding)
    with autocast(device):
        logits = model(normalized.contiguous(memory_format=torch.channels_last))
    logits = logits.float()[..., : size[0], : size[1]]
    logits = F.interpolate(logits, (height, width), mode="bilinear")
    return logits[0].softmax(dim=0).cpu()
