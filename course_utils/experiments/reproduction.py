"""Train a model for as long as there is time, by a published recipe, and report.

The recipe is that of FC-DenseNet's authors: RMSprop on random crops, half of them
mirrored, then on whole images with a lower learning rate. A run stops when its minutes
are over, and goes on from its checkpoint later. Unlike there, computation is in mixed
precision on a GPU, images are normalized, batch normalization has PyTorch's epsilon,
and training ends by the clock: the last weights count, where the authors wait for the
score on val to stop rising and keep the best.

Source: Jégou et al., 2017, arXiv:1611.09326, section 4.1, and the authors' code.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import TensorDataset

from course_utils.arguments import (
    NAME,
    PATH,
    checked,
    number,
    one_of,
    optional,
    whole,
)
from course_utils.datasets.course import CourseData, course_data
from course_utils.datasets.transforms import eval_transform
from course_utils.files import keep_result, plan_outputs, write_whole
from course_utils.models.create import MODEL_NAMES, create_model
from course_utils.settings import RUN_LEVELS, RunLevel
from course_utils.training.checkpoints import load_checkpoint
from course_utils.training.evaluation import Batches, scores
from course_utils.training.loop import fit
from course_utils.training.precision import best_device
from course_utils.training.seed import set_seed

STAGES = {"crops": 1e-3, "whole": 1e-4}
"""Stages of the recipe, in order, with their learning rates."""
_LR_DECAY = 0.995
"""Factor on the learning rate after every epoch."""
_L2 = 1e-4
"""Weight of the sum of the squared weights in the loss."""
_EVALUATION_BATCH = 10
"""Images scored at a time, as by the authors: batch statistics are of so many."""
PUBLISHED = {
    "fc_densenet56": {"mean_iou": 0.589, "pixel_accuracy": 0.889},
    "fc_densenet67": {"mean_iou": 0.658, "pixel_accuracy": 0.908},
    "fc_densenet103": {"mean_iou": 0.669, "pixel_accuracy": 0.915},
}
"""Scores on CamVid's test split, after up to 750 epochs: table 3 of the paper."""


@checked(
    name=one_of(*MODEL_NAMES),
    data=NAME,
    minutes=number(0),
    checkpoint=PATH,
    stage=one_of(*STAGES),
    start=optional(PATH),
    epochs=whole(1),
    crop=whole(1),
    batch_size=whole(1),
    lr=optional(number(above=0)),
    evaluate_every=whole(1),
    image_size=whole(32),
    base_channels=whole(1),
    seed=whole(0),
)
def reproduce(
    name: str,
    data: str,
    *,
    minutes: float,
    checkpoint: Path,
    stage: str = "crops",
    start: Path | None = None,
    epochs: int = 750,
    crop: int = 224,
    batch_size: int = 3,
    lr: float | None = None,
    evaluate_every: int = 10,
    image_size: int = 480,
    base_channels: int = 64,
    seed: int = 0,
) -> dict[str, Any]:
    """Train a model from random weights, or go on, and write down how good it is.

    On a CPU, a training in several runs ends bit-equal to one in a single run.

    Args:
        name: Name of the model, one of ``models.MODEL_NAMES``.
        data: "camvid", "voc", "scenes" or a folder in VOC layout.
        minutes: Minutes after which the run ends, with a checkpoint; at least one epoch
            is run.
        checkpoint: File to write and to go on from. The report is written beside it,
            with the suffix ``.json``.
        stage: Stage of the recipe, "crops" or "whole".
        start: Checkpoint of the stage "crops" from which "whole" begins.
        epochs: Most epochs of this stage, over all runs.
        crop: Side of the crops, pixels.
        batch_size: Images in a training step.
        lr: Learning rate at the start of the stage; the recipe's by default.
        evaluate_every: Epochs from one evaluation to the next; the last epoch of a run
            is always scored.
        image_size: Longer side of the images, pixels.
        base_channels: Width of the model; 64 in the papers.
        seed: Seed of weights, order, crops and dropout.

    Returns:
        The report: scores on val as proportions, epochs, minutes, and what each run was
        made with: device, commit, versions.

    Raises:
        FileNotFoundError: The data are not there, or the checkpoint to start from.
        ValueError: An argument is out of range, or the checkpoint belongs to another
            training, or its name is that of the report, too.
        FileExistsError: A file that this training did not write has the report's name.
        RuntimeError: The GPU's memory is too small, or the loss is not a number.
    """
    if (stage == "whole") != (start is not None):
        raise ValueError(
            "the stage whole begins from a checkpoint of the stage crops, and crops "
            f"from random weights; got stage {stage} and start {start}"
        )
    report_file = _plan(checkpoint, start, model=name, stage=stage)
    lr = STAGES[stage] if lr is None else lr
    deadline = time.monotonic() + 60 * minutes
    pairs = _load(data, image_size)
    set_seed(seed)
    model = create_model(
        name, pairs.label_set.num_classes, base_channels=base_channels, batch_norm=True
    )
    if start is not None:
        load_checkpoint(start, model)
    crops = (crop, crop) if stage == "crops" else None
    images, targets = _pixels(pairs.train, pairs.train_sizes)
    batches = _Crops(images, targets, batch_size=batch_size, size=crops)
    optimizer = _make_rmsprop(model, lr)
    pixels = (t.split(_EVALUATION_BATCH) for t in _pixels(pairs.val, pairs.val_sizes))
    val = list(zip(*pixels, strict=True))
    history = fit(
        model,
        batches,
        val,
        num_classes=pairs.label_set.num_classes,
        epochs=epochs,
        transform=eval_transform(),  # crops are cut and mirrored already
        optimizer=optimizer,
        scheduler=StepLR(optimizer, step_size=len(batches), gamma=_LR_DECAY),
        seed=seed,
        settings={**pairs.settings, "stage": stage, "crop": crops},
        deadline=deadline,
        evaluate_every=evaluate_every,
        checkpoint=checkpoint,
        description=f"{name}, {stage}",
    )
    mean_iou = {k: iou for k, iou in enumerate(history.mean_iou, 1) if iou == iou}
    report = {
        "model": name,
        "data": pairs.name,
        "size": image_size,
        "seed": seed,
        "base_channels": base_channels,
        "stage": stage,
        "start": None if start is None else start.name,
        "crop": None if crops is None else crop,
        "batch_size": batch_size,
        "lr": lr,
        "split": "val",
        "num_train": len(pairs.train),
        "num_val": len(pairs.val),
        **_scores(model, val, pairs),
        "epochs": len(history.train_loss),
        "minutes": history.minutes,
        "runs": history.runs,
        "history": {"train_loss": history.train_loss, "mean_iou": mean_iou},
        "published_on_camvid_test": PUBLISHED.get(name),
    }
    keep_result(report_file, lambda place: _write_report(place, report))
    return report


def _plan(checkpoint: Path, start: Path | None, **made_with: str) -> Path:
    """Require that checkpoint and report take nobody's place; name the report.

    An older report is replaced if its checkpoint is there, too, and it was made with
    the same model and stage.
    """
    report = checkpoint.with_suffix(".json")
    may_go_on = checkpoint.is_file()  # fit refuses the file of another training
    replaced = [checkpoint]
    if may_go_on and made_with.items() <= _read_report(report).items():
        replaced.append(report)
    sources = [] if start is None else [start]
    plan_outputs([checkpoint, report], replaced=replaced, sources=sources)
    return report


def _read_report(path: Path) -> dict[str, Any]:
    """Read a report that an earlier run wrote; empty if it is something else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {key: found[key] for key in ("model", "stage")}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _write_report(path: Path, report: dict[str, Any]) -> None:
    with write_whole(path) as file:
        file.write(f"{json.dumps(report, indent=1)}\n".encode())


def _scores(model: nn.Module, val: Batches, pairs: CourseData) -> dict[str, Any]:
    """Score a model, by the statistics of the batch too where it can use them."""
    by_batch = None
    if hasattr(model, "batch_statistics"):
        model.batch_statistics = True
        by_batch = scores(model, val, pairs.label_set)
        model.batch_statistics = False
    running = scores(model, val, pairs.label_set)
    return {**running, "batch_statistics": by_batch}


def _load(choice: str, image_size: int) -> CourseData:
    """Load every pair, or as many scenes as a full run has."""
    full = RUN_LEVELS["full"]
    limits = (full.num_train, full.num_val) if choice == "scenes" else (10**6, 10**6)
    run = RunLevel("full", 64, image_size, *limits, batch_size=1, steps=1)
    return course_data(run, choice=choice)


def _pixels(pairs: TensorDataset, sizes: Tensor) -> tuple[Tensor, ...]:
    """Move images and targets to the device, the canvas cut to the largest of them."""
    height, width = sizes.amax(dim=0).tolist()
    cut = (t[..., :height, :width].contiguous() for t in pairs.tensors)
    return tuple(t.to(best_device()) for t in cut)


class _Crops:
    """Batches of random crops, half of them mirrored, cut where the images lie.

    Every pass takes all images in a new order, with torch's global random numbers;
    images that do not fill a batch wait for another pass.

    Args:
        images: Images, uint8, (N, 3, H, W), on any device.
        targets: Class indices and void, uint8, (N, H, W).
        batch_size: Crops in a batch.
        size: H' and W' of the crops, pixels; None takes the whole images.

    Raises:
        ValueError: The crops are larger than the images, or the batches than the data.
    """

    def __init__(
        self,
        images: Tensor,
        targets: Tensor,
        *,
        batch_size: int,
        size: tuple[int, int] | None,
    ) -> None:
        height, width = images.shape[-2:]
        self.size = size or (height, width)
        if self.size[0] > height or self.size[1] > width:
            raise ValueError(
                f"crops must fit into the images of {height}×{width} pixels, got "
                f"{self.size[0]}×{self.size[1]}; take a smaller crop or larger images"
            )
        if not 1 <= batch_size <= len(images):
            raise ValueError(
                f"batch_size must be from 1 to the {len(images)} training images, got "
                f"{batch_size}"
            )
        self.images, self.targets, self.batch_size = images, targets, batch_size

    def __len__(self) -> int:
        """Count the batches of a pass."""
        return len(self.images) // self.batch_size

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield images (B, 3, H', W') and targets (B, H', W'), both uint8."""
        order = torch.randperm(len(self.images)).tolist()
        for k in range(len(self)):
            chosen = order[k * self.batch_size : (k + 1) * self.batch_size]
            pairs = [self._crop(index) for index in chosen]
            images, targets = zip(*pairs, strict=True)
            yield torch.stack(images), torch.stack(targets)

    def _crop(self, index: int) -> tuple[Tensor, Tensor]:
        height, width = self.size
        rows, columns = self.images.shape[-2:]
        top = int(torch.randint(rows - height + 1, ()))
        left = int(torch.randint(columns - width + 1, ()))
        is_mirrored = bool(torch.randint(2, ()))
        image = self.images[index, :, top : top + height, left : left + width]
        target = self.targets[index, top : top + height, left : left + width]
        return (image.flip(-1), target.flip(-1)) if is_mirrored else (image, target)


def _make_rmsprop(model: nn.Module, lr: float) -> torch.optim.RMSprop:
    """Make the authors' optimizer, with their penalty on weights but not on biases.

    Unlike there, epsilon is added to the root of the mean square instead of below the
    root: 1e-3 bounds it from below as their 1e-6 does.
    """
    decayed = [p for n, p in model.named_parameters() if not n.endswith("bias")]
    others = [p for n, p in model.named_parameters() if n.endswith("bias")]
    groups = [
        {"params": decayed, "weight_decay": 2 * _L2},  # the gradient of L2 · w²
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.RMSprop(groups, lr=lr, alpha=0.9, eps=1e-3)
