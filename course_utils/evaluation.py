"""What a trained model predicts, and how much of it is right."""

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import update_bn

from course_utils.devices import autocast
from course_utils.metrics import ConfusionMatrix
from course_utils.transforms import eval_transform

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
