"""The training loop, written once.

Batches are pairs (images, targets). They reach the loop as they lie in memory: images
uint8, (N, 3, H, W), and targets uint8 or int64, (N, H, W). A transform turns them, on
the device, into normalized float32 images and int64 targets.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from accelerate import PartialState
from accelerate.utils import set_seed as seed_everything
from torch import Tensor, nn

from course_utils.labels import IGNORE_INDEX
from course_utils.metrics import mean_iou
from course_utils.training.checkpoints import CheckpointKeeper, load_checkpoint
from course_utils.training.evaluation import Batches, Transform, evaluate
from course_utils.training.precision import (
    autocast,
    fastest_convolutions,
    make_accelerator,
    out_of_memory_advice,
)
from course_utils.training.progress import History, Progress

Criterion = Callable[[Tensor, Tensor], Tensor]


def set_seed(seed: int) -> None:
    """Seed the random numbers of Python, NumPy and torch, on every device."""
    seed_everything(seed)


def poly_lr(step: int, num_steps: int, power: float = 0.9) -> float:
    """Return the factor on the learning rate at a step: (1 - step/num_steps)^power.

    Source: Chen et al., 2016, arXiv:1606.00915, section 4.1.
    """
    return (1 - step / num_steps) ** power


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Average the cross-entropy over all pixels but void, nats; 0 if all are void.

    Shape: logits (N, C, H, W) and targets (N, H, W) to ().
    """
    total = F.cross_entropy(logits, targets, ignore_index=IGNORE_INDEX, reduction="sum")
    return total / (targets != IGNORE_INDEX).sum().clamp(min=1)


def train_one_epoch(
    model: nn.Module,
    batches: Batches,
    optimizer: torch.optim.Optimizer,
    *,
    transform: Transform,
    criterion: Criterion = cross_entropy,
    backward: Callable[[Tensor], None] = Tensor.backward,
    after_step: Callable[[Tensor], None] | None = None,
) -> float:
    """Take one optimizer step per batch; return the mean loss over the images.

    Args:
        model: on any device.
        batches: the training pairs, in random order.
        optimizer: over the model's parameters.
        transform: makes of a batch, on the model's device, what the model takes.
        criterion: mean loss of logits and targets.
        backward: how gradients are computed; Accelerate's scales the loss.
        after_step: called with the loss after every step.
    """
    device = next(model.parameters()).device
    model.train()
    total_loss, num_images = torch.zeros((), device=device), 0
    for images, targets in batches:
        images, targets = transform(images.to(device), targets.to(device))
        images = images.contiguous(memory_format=torch.channels_last)
        with autocast(device):
            logits = model(images)
        loss = criterion(logits.float(), targets)
        optimizer.zero_grad()
        backward(loss)
        optimizer.step()
        # Kept on the device: reading it each step would make the GPU wait
        total_loss += loss.detach() * len(images)  # the last batch may be smaller
        num_images += len(images)
        if after_step is not None:
            after_step(loss.detach())
    return float(total_loss) / num_images


def fit(
    model: nn.Module,
    train_batches: Batches,
    val_batches: Batches,
    *,
    num_classes: int,
    epochs: int,
    lr: float,
    transform: Transform,
    weight_decay: float = 1e-4,
    criterion: Criterion = cross_entropy,
    seed: int = 0,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60.0,
    description: str = "training",
) -> History:
    """Train a model and follow its mean IoU on the validation pairs.

    Runs on whatever Accelerate finds (CPU, CUDA, Apple MPS, several GPUs), in mixed
    precision on CUDA. AdamW, with the learning rate falling to 0 as ``poly_lr``. Every
    epoch begins from a seed of its own, so that a run which was interrupted and resumed
    draws the same numbers as one which was not: on a CPU they end bit-equal. The
    caller's random state is left alone.

    Args:
        model: maps images to logits; moved to the device, trained in place.
        train_batches: sized; a ``DataLoader`` is split over the GPUs.
        val_batches: every process evaluates all of them.
        num_classes: of the label set.
        epochs: passes over ``train_batches``.
        lr: largest learning rate.
        transform: augments and normalizes a training batch, on the device.
        weight_decay: of AdamW.
        criterion: mean loss of logits and targets.
        seed: chooses order, augmentation and dropout.
        checkpoint: file from which an interrupted run goes on; it is written after an
            epoch. A finished run is loaded from it, not trained again.
        checkpoint_seconds: the least time before and between checkpoints, since those
            of a wide model take gigabytes: a shorter training writes none. 0 writes
            one after every epoch.
        description: stands before the progress bar.

    Raises:
        ValueError: there are no batches, or the checkpoint belongs to another model or
            another training.
        RuntimeError: the GPU's memory is too small; the message names a batch size.
    """
    if len(train_batches) == 0 or epochs < 1:
        raise ValueError(
            "training needs at least one batch and one epoch, got "
            f"{len(train_batches)} and {epochs}; is the batch larger than the data set?"
        )
    accelerator = make_accelerator(seed)
    model.to(accelerator.device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=lr,
        weight_decay=weight_decay,
        fused=accelerator.device.type == "cuda",
    )
    settings = {"epochs": epochs, "lr": lr, "weight_decay": weight_decay, "seed": seed}
    settings["batches"] = len(train_batches)
    settings["batch_size"] = getattr(train_batches, "batch_size", None)
    history = _resume(checkpoint, model, optimizer, settings)
    if len(history.train_loss) == epochs:
        model.eval()  # as a training leaves it
        return history
    keeper = CheckpointKeeper(checkpoint, checkpoint_seconds)
    keeper.watch(model, optimizer, settings, history)
    net, optimizer, train_batches = accelerator.prepare(model, optimizer, train_batches)
    is_main = accelerator.is_main_process
    progress = Progress(description, len(train_batches), epochs, history, shown=is_main)

    def after_step(loss: Tensor | None = None) -> None:
        if loss is not None:
            progress.after_step(loss)
        for group in optimizer.param_groups:
            group["lr"] = lr * poly_lr(progress.step, progress.num_steps)

    try:
        after_step()
        for epoch in range(len(history.train_loss), epochs):
            with own_random_numbers(seed, epoch, train_batches):
                with fastest_convolutions():
                    loss = train_one_epoch(
                        net,
                        train_batches,
                        optimizer,
                        transform=progress.watched(transform),
                        criterion=criterion,
                        backward=accelerator.backward,
                        after_step=after_step,
                    )
                progress.after_training(loss)
                counts = evaluate(net, val_batches, num_classes).counts
            progress.after_evaluation(mean_iou(counts))
            if is_main:
                keeper.after_epoch(is_last=epoch + 1 == epochs)
    except torch.OutOfMemoryError:
        raise RuntimeError(out_of_memory_advice(*progress.batch_shape)) from None
    finally:
        progress.bar.close()
        accelerator.unwrap_model(net, keep_fp32_wrapper=False)
        accelerator.free_memory()
    return history


def _resume(
    checkpoint: Path | None,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    settings: dict[str, Any],
) -> History:
    """Go on from a checkpoint where there is one, and say so."""
    if checkpoint is None or not checkpoint.is_file():
        return History()
    saved = load_checkpoint(checkpoint, model, settings=settings)
    history = History(**saved["history"])
    done = len(history.train_loss)
    if done == settings["epochs"]:
        print(f"trained before: loaded {checkpoint.name}; delete it to train anew")
    else:
        optimizer.load_state_dict(saved["optimizer"])
        print(f"going on after epoch {done}, from {checkpoint.name}")
    return history


@contextmanager
def own_random_numbers(seed: int, epoch: int, batches: Batches) -> Iterator[None]:
    """Draw an epoch's random numbers from a seed of its own."""
    if hasattr(batches, "set_epoch"):
        batches.set_epoch(epoch)
    cuda = [torch.cuda.current_device()] if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices=cuda):
        # Each process of several draws its own augmentations
        process = PartialState().process_index
        torch.manual_seed(1_000_003 * seed + epoch + 7_919 * process)
        yield
