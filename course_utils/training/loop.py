"""The training loop, written once.

Batches are pairs (images, targets). They reach the loop as they are stored: images
uint8, (N, 3, H, W), and targets uint8 or int64, (N, H, W). A transform, run on the
device, turns them into normalized float32 images and int64 targets.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator, PartialState
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from course_utils.arguments import (
    CLASSES,
    FUNCTION,
    NET,
    PATH,
    Rule,
    a,
    checked,
    number,
    optional,
    shown,
    whole,
)
from course_utils.metrics import mean_iou
from course_utils.training.checkpoints import TrainingState
from course_utils.training.classes_seen import ClassesSeen
from course_utils.training.evaluation import (
    BATCHES,
    Batches,
    Transform,
    as_pair,
    check_counts,
    evaluate,
    pairs_of,
)
from course_utils.training.fingerprints import describe_training
from course_utils.training.losses import Criterion, cross_entropy
from course_utils.training.optimizers import make_optimizer, make_schedule
from course_utils.training.precision import (
    fastest_convolutions,
    make_accelerator,
    out_of_memory_advice,
)
from course_utils.training.progress import History, Progress

_OPTIMIZER = a("Optimizer", advice="make one with make_optimizer")
_SCHEDULER = Rule(
    "a schedule of the learning rate", lambda value: hasattr(value, "step")
)


@checked(
    model=NET,
    batches=BATCHES,
    optimizer=_OPTIMIZER,
    transform=FUNCTION,
    criterion=FUNCTION,
    scheduler=optional(_SCHEDULER),
    backward=FUNCTION,
    after_step=optional(FUNCTION),
)
def train_one_epoch(
    model: nn.Module,
    batches: Batches,
    optimizer: Optimizer,
    *,
    transform: Transform,
    criterion: Criterion = cross_entropy,
    scheduler: LRScheduler | None = None,
    backward: Callable[[Tensor], None] = Tensor.backward,
    after_step: Callable[[Tensor], None] | None = None,
) -> float:
    """Take one optimizer step per batch; return the mean loss over the images.

    Args:
        model: Net to train, in place.
        batches: Training pairs, in random order.
        optimizer: Optimizer of the model's parameters.
        transform: Function that augments and normalizes a batch, on the device.
        criterion: Mean loss of logits and targets.
        scheduler: Schedule of the learning rate, moved on after every step.
        backward: Function that computes the gradients; Accelerate's scales the loss.
        after_step: Function called with the loss after every step.

    Raises:
        RuntimeError: A loss was nan or infinite.
    """
    device = next(model.parameters()).device
    model.train()
    losses, sizes = [], []
    for images, targets in pairs_of(batches):
        moved = transform(images.to(device), targets.to(device))
        images, targets = as_pair("what transform returns", moved)
        logits = model(images.contiguous(memory_format=torch.channels_last))
        loss = criterion(logits.float(), targets)
        _check_loss(loss)
        optimizer.zero_grad()
        backward(loss)
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        losses.append(loss.detach())  # read once an epoch: reading makes a GPU wait
        sizes.append(len(images))  # the last batch may be smaller
        if after_step is not None:
            after_step(losses[-1])
    if not losses:
        raise ValueError("batches must hold at least one batch, got none")
    return _mean_loss(torch.stack(losses).tolist(), sizes)


def _check_loss(loss: Any) -> None:
    """Refuse a loss that is no single number, or that no parameter can change."""
    if not (isinstance(loss, Tensor) and loss.ndim == 0 and loss.requires_grad):
        what = "a number without a gradient" * (getattr(loss, "ndim", 1) == 0)
        raise ValueError(
            "the criterion must return a tensor of one number, and the model must have "
            f"parameters that learn, got {what or shown(loss)}; take the mean, and set "
            "requires_grad"
        )


def _check_weights(model: nn.Module) -> None:
    """Refuse weights that the last step of an epoch has made nan or infinite.

    Raises:
        RuntimeError: It has.
    """
    weights = {k: v for k, v in model.state_dict().items() if v.is_floating_point()}
    finite = torch.stack([value.isfinite().all() for value in weights.values()])
    wrong = [k for k, good in zip(weights, finite.tolist(), strict=True) if not good]
    if wrong:
        raise RuntimeError(
            f"the weights must be finite, got nan or infinity in {len(wrong)} tensors, "
            f"{wrong[0]} among them, after the last step of this epoch; {_FAILED}"
        )


_FAILED = (
    "nothing from this epoch was saved; try a lower lr or a longer warm-up, or look "
    "for damaged images and targets"
)


def _mean_loss(losses: list[float], sizes: list[int]) -> float:
    for step, loss in enumerate(losses, 1):
        if not math.isfinite(loss):
            raise RuntimeError(
                f"the loss must be a finite number, got {loss} at step {step} of this "
                f"epoch; {_FAILED}"
            )
    return sum(a * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes)


@checked(
    model=NET,
    train_batches=BATCHES.also(
        "batches with a length", lambda value: hasattr(value, "__len__")
    ),
    val_batches=BATCHES,
    num_classes=CLASSES.also("at least 2", lambda number: number > 1),
    epochs=whole(),
    transform=FUNCTION,
    lr=optional(number(finite=False)),
    optimizer=optional(_OPTIMIZER),
    scheduler=optional(_SCHEDULER),
    criterion=FUNCTION,
    seed=whole(0),
    settings=optional(a("dict")),
    deadline=optional(number()),
    evaluate_every=whole(1),
    checkpoint=optional(PATH),
    checkpoint_seconds=number(0),
    description=a("str"),
)
def fit(
    model: nn.Module,
    train_batches: Batches,
    val_batches: Batches,
    *,
    num_classes: int,
    epochs: int,
    transform: Transform,
    lr: float | None = None,
    optimizer: Optimizer | None = None,
    scheduler: LRScheduler | None = None,
    criterion: Criterion = cross_entropy,
    seed: int = 0,
    settings: dict[str, Any] | None = None,
    deadline: float | None = None,
    evaluate_every: int = 1,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60.0,
    description: str = "training",
) -> History:
    """Train a model and follow its mean IoU on the validation pairs.

    Runs on whatever Accelerate finds (CPU, CUDA, Apple MPS, several GPUs), in mixed
    precision on CUDA. Every epoch starts from its own seed, so an interrupted and
    resumed run draws the same random numbers as an uninterrupted one; on a CPU the
    results are identical to the last bit. The caller's random state is not changed.

    Args:
        model: Net that maps images to logits; moved to the device, trained in place.
        train_batches: Training batches, with a length; a ``DataLoader`` is split over
            the GPUs.
        val_batches: Validation batches; every process evaluates all of them.
        num_classes: Number of classes in the label set.
        epochs: Passes over ``train_batches``.
        transform: Function that augments and normalizes a training batch, on the
            device.
        lr: Largest learning rate of AdamW, where no optimizer is given.
        optimizer: Optimizer of the model's parameters, see ``make_optimizer``.
        scheduler: Schedule of the optimizer's learning rate, moved on after every step;
            ``make_schedule`` without a warm-up by default.
        criterion: Mean loss of logits and targets.
        seed: Seed of order, augmentation and dropout.
        settings: Further settings that a checkpoint must agree with, by name, such as
            the data's.
        deadline: Time by which the run should end, on the clock ``time.monotonic``,
            seconds. It stops after the last epoch that fits, but trains at least one.
        evaluate_every: Epochs from one evaluation to the next; the last epoch of a run
            is always evaluated.
        checkpoint: File to resume an interrupted run from, written after an epoch. If
            it holds a finished training, that is loaded and nothing is trained.
        checkpoint_seconds: Least seconds before the first checkpoint and between two,
            since those of a wide model take gigabytes; a shorter run writes none. 0
            writes one after every epoch. When a deadline ends the run, one is written.
        description: Text before the progress bar.

    Raises:
        ValueError: There are no batches, an argument is out of range, the targets hold
            void or one class alone, or the checkpoint belongs to another model or
            another training.
        RuntimeError: The GPU's memory is too small (the message names a batch size), or
            a loss was nan or infinite; the last checkpoint is left as it was.
    """
    _check_arguments(len(train_batches), epochs, lr, optimizer)
    accelerator = make_accelerator(seed)
    model.to(accelerator.device, memory_format=torch.channels_last)
    settings = {**(settings or {}), "seed": seed, "batches": len(train_batches)}
    settings["batch_size"] = getattr(train_batches, "batch_size", None)
    if checkpoint is not None:
        settings |= describe_training(train_batches, val_batches, criterion)
    if optimizer is None:
        optimizer = make_optimizer(model, lr=lr)
    _check_optimizer(optimizer, model)
    if scheduler is None:
        settings["epochs"] = epochs
        scheduler = make_schedule(optimizer, epochs * len(train_batches))
    state = TrainingState(
        model, optimizer, scheduler, accelerator.scaler, settings, checkpoint
    )
    history = state.resume(epochs)
    if len(history.train_loss) >= epochs:
        model.eval()  # as a training leaves it
        return history
    run = _Run(accelerator, state, history, train_batches, epochs, description)
    scoring, stops = 0.0, False  # seconds that an evaluation takes
    try:
        while not stops:
            started = time.monotonic()
            with _own_random_numbers(seed, len(history.train_loss), run.batches):
                run.train_epoch(transform, criterion)
                done, now = len(history.train_loss), time.monotonic()
                end_of_the_next = now + scoring + (now - started) + scoring
                is_late = deadline is not None and end_of_the_next > deadline
                stops = done == epochs or is_late
                if stops or done % evaluate_every == 0:
                    run.evaluate(val_batches, num_classes)
                    scoring = time.monotonic() - now
                else:
                    history.mean_iou.append(math.nan)
            if accelerator.is_main_process:
                wait = 0.0 if stops and deadline is not None else checkpoint_seconds
                state.save(history, wait=wait, is_finished=done == epochs)
    finally:
        run.close()
    return history


def _check_arguments(
    num_batches: int,
    epochs: int,
    lr: float | None,
    optimizer: Optimizer | None,
) -> None:
    if num_batches == 0 or epochs < 1:
        raise ValueError(
            "training needs at least one batch and one epoch, got "
            f"{num_batches} and {epochs}; is the batch larger than the data set?"
        )
    if (lr is None) == (optimizer is None):
        raise ValueError(
            "fit needs either lr, for AdamW, or an optimizer of your own, got "
            f"{'neither' if lr is None else 'both'}"
        )


def _check_optimizer(optimizer: Optimizer, model: nn.Module) -> None:
    """Refuse an optimizer that moves the parameters of something else."""
    moved = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not moved & {id(p) for p in model.parameters()}:
        raise ValueError(
            "the optimizer must move the parameters of the model, got one of others; "
            "make it after the model: make_optimizer(model)"
        )


class _Run:
    """One run of a training: its processes, its progress bar, and its epochs."""

    def __init__(
        self,
        accelerator: Accelerator,
        state: TrainingState,
        history: History,
        batches: Batches,
        epochs: int,
        description: str,
    ) -> None:
        self.accelerator, self.state, self.history = accelerator, state, history
        self.net, self.optimizer, self.batches, self.scheduler = accelerator.prepare(
            state.model, state.optimizer, batches, state.scheduler
        )
        steps, shown = len(self.batches), accelerator.is_main_process
        self.progress = Progress(description, steps, epochs, history, shown=shown)

    def train_epoch(self, transform: Transform, criterion: Criterion) -> None:
        """Train for one epoch and enter it into the history."""
        seen = ClassesSeen()
        try:
            with fastest_convolutions():
                loss = train_one_epoch(
                    self.net,
                    self.batches,
                    self.optimizer,
                    transform=self.progress.watched(seen.watched(transform)),
                    criterion=criterion,
                    scheduler=self.scheduler,
                    backward=self.accelerator.backward,
                    after_step=self.progress.after_step,
                )
        except torch.OutOfMemoryError:
            advice = out_of_memory_advice(*self.progress.batch_shape)
            raise RuntimeError(advice) from None
        seen.check(self.accelerator.gather)
        _check_weights(self.net)
        self.progress.after_training(loss)

    def evaluate(self, batches: Batches, num_classes: int) -> None:
        """Enter the mean IoU on the validation pairs into the history."""
        try:
            counts = evaluate(self.net, batches, num_classes).counts
        except torch.OutOfMemoryError:
            self.history.mean_iou.append(math.nan)
            self.state.save(self.history)
            raise RuntimeError(
                "a batch of validation images must fit into the GPU's memory, but does "
                "not; make the validation batches smaller and start again"
            ) from None
        if not self.history.mean_iou:  # of all evaluations, the first says so
            check_counts(counts)
        self.progress.after_evaluation(mean_iou(counts))

    def close(self) -> None:
        """Give the model back as it was, and free what Accelerate holds."""
        self.progress.bar.close()
        self.accelerator.unwrap_model(self.net, keep_fp32_wrapper=False)
        self.accelerator.free_memory()


@contextmanager
def _own_random_numbers(seed: int, epoch: int, batches: Any) -> Iterator[None]:
    """Draw an epoch's random numbers from a seed of its own."""
    if hasattr(batches, "set_epoch"):
        batches.set_epoch(epoch)
    cuda = [torch.cuda.current_device()] if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices=cuda):
        # Each process of several draws its own augmentations
        process = PartialState().process_index
        torch.manual_seed(1_000_003 * seed + epoch + 7_919 * process)
        yield
