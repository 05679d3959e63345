"""The one protocol by which every model of the course is trained and scored.

Written out in notebook 01. Every model gets the same data, augmentation, number of
steps, optimizer, learning rate and seed; only the model itself differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from course_utils.arguments import (
    FUNCTION,
    NAME,
    NET,
    PATH,
    PATH_OR_TEXT,
    a,
    check_all,
    checked,
    number,
    one_of,
    optional,
    tensor,
)
from course_utils.datasets.course import CourseData
from course_utils.datasets.transforms import train_transform
from course_utils.metrics import (
    ConfusionMatrix,
    boundary_distance,
    boundary_iou,
    mean_iou,
)
from course_utils.settings import RunLevel
from course_utils.training.evaluation import predict
from course_utils.training.loop import fit
from course_utils.training.losses import Criterion, cross_entropy
from course_utils.training.optimizers import (
    LEARNING_RATES,
    make_optimizer,
    make_schedule,
)
from course_utils.training.precision import best_device
from course_utils.training.progress import History
from course_utils.training.seed import set_seed

BOUNDARY_WIDTH = 3
"""Width of one side of the band of the boundary IoU, pixels of the image."""


@dataclass(frozen=True)
class Scores:
    """How good a prediction is, as proportions.

    Attributes:
        mean_iou: Mean IoU over all pixels but void.
        boundary_iou: Mean IoU over the pixels within ``BOUNDARY_WIDTH`` of a border.
    """

    mean_iou: float
    boundary_iou: float


_TRAINED = {
    "model": NET,
    "history": a("History"),
    "prediction": tensor("N H W", "integer"),
    "scores": a("Scores"),
}


@dataclass(frozen=True, eq=False)
class Trained:
    """A model after its training.

    Attributes:
        model: Net in eval mode, on the device it was trained on.
        history: Losses, scores and speed by epoch.
        prediction: Class indices of the validation images, uint8, (N, H, W).
        scores: Scores of that prediction.
    """

    model: nn.Module
    history: History
    prediction: Tensor
    scores: Scores

    def __post_init__(self) -> None:
        """Refuse what is no result of a training."""
        check_all(_TRAINED, vars(self).items())


class TrainingProtocol:
    """Trains and scores models under equal conditions.

    Args:
        notebook: Number of the notebook, such as "02", which names the checkpoints;
            None keeps none.
        run: Run level: steps, batch size, width and seed.
        data: Pairs to train and validate on.
        weights: Weights that VGG16 starts from, as ``models.choose_weights`` returns
            them; trained weights take a third of the learning rate.
        optimizer: Name of the optimizer, as ``training.make_optimizer`` takes it.
        lr: Largest learning rate; the optimizer's own by default.
        warmup: Proportion of the steps during which the learning rate rises; a tenth by
            default.
    """

    @checked(
        notebook=optional(NAME),
        run=a("RunLevel"),
        data=a("CourseData"),
        weights=optional(PATH_OR_TEXT),
        optimizer=one_of(*LEARNING_RATES),
        lr=optional(number(above=0)),
        warmup=number(0, below=1),
    )
    def __init__(
        self,
        notebook: str | None,
        run: RunLevel,
        data: CourseData,
        weights: str | None = None,
        *,
        optimizer: str = "muon",
        lr: float | None = None,
        warmup: float = 0.1,
    ) -> None:
        self.notebook, self.run, self.data = notebook, run, data
        self.device, self.optimizer, self.warmup = best_device(), optimizer, warmup
        rate = LEARNING_RATES[optimizer]
        self.lr = (rate if weights is None else 0.3 * rate) if lr is None else lr
        self.start = "scratch" if weights is None else Path(weights).stem
        self.train_batches = DataLoader(
            data.train, batch_size=run.batch_size, shuffle=True, drop_last=True
        )
        self.val_batches = DataLoader(data.val, batch_size=run.batch_size)
        size = data.train.tensors[0].shape[-2:]
        self.augment = train_transform((int(size[0]), int(size[1])))

    @checked(name=NAME, make=FUNCTION, criterion=FUNCTION)
    def train(
        self,
        name: str,
        make: Callable[[], nn.Module],
        *,
        criterion: Criterion = cross_entropy,
    ) -> Trained:
        """Seed, make a model, train it briefly and score it.

        Args:
            name: Name of the model, for the progress bar and the checkpoint.
            make: Function that makes the model, with random numbers that follow the
                run's seed.
            criterion: Mean loss of logits and targets.
        """
        set_seed(self.run.seed)
        with self.device:  # a GPU draws a large net's weights at once
            model = make()
        history = self.fit(
            model, name, criterion=criterion, checkpoint=self.checkpoint(name)
        )
        prediction = predict(model, self.data.val.tensors[0])
        return Trained(model, history, prediction, self.score(prediction))

    @checked(model=NET, name=NAME, criterion=FUNCTION, checkpoint=optional(PATH))
    def fit(
        self,
        model: nn.Module,
        name: str,
        *,
        criterion: Criterion = cross_entropy,
        checkpoint: Path | None = None,
    ) -> History:
        """Train a model in place, for as many steps as the run level has.

        Args:
            model: Net to train.
            name: Name of the model, for the progress bar.
            criterion: Mean loss of logits and targets.
            checkpoint: File from which an interrupted training goes on.
        """
        model.to(self.device, memory_format=torch.channels_last)
        optimizer = make_optimizer(model, self.optimizer, lr=self.lr)
        epochs = self.run.epochs(len(self.train_batches) or 1)  # fit refuses none
        steps = epochs * len(self.train_batches)
        warmup = round(self.warmup * steps)
        return fit(
            model,
            self.train_batches,
            self.val_batches,
            num_classes=self.data.label_set.num_classes,
            epochs=epochs,
            transform=self.augment,
            optimizer=optimizer,
            scheduler=make_schedule(optimizer, steps, warmup=warmup),
            criterion=criterion,
            seed=self.run.seed,
            settings={**self.data.settings, **self.recipe, "start": self.start},
            checkpoint=checkpoint,
            description=name.ljust(18),
        )

    @property
    def recipe(self) -> dict[str, str | float]:
        """Optimizer, learning rate and warm-up, which a checkpoint must agree with."""
        return {"optimizer": self.optimizer, "lr": self.lr, "warmup": self.warmup}

    @checked(name=NAME)
    def checkpoint(self, name: str) -> Path | None:
        """Name the file in which a model's training survives an interruption."""
        if self.notebook is None:
            return None
        return self.run.checkpoint(
            f"{self.notebook}_{name}_{self.data.name}_{self.start}"
        )

    @cached_property
    def boundary_distance(self) -> Tensor:
        """Pixels from each validation pixel to another label, float32, (N, H, W)."""
        targets = self.data.val.tensors[1]
        return boundary_distance(targets, sizes=self.data.val_sizes)

    @checked(prediction=tensor("N H W", "integer"))
    def score(self, prediction: Tensor) -> Scores:
        """Score class indices of the validation images, integer, (N, H, W)."""
        pair = prediction.to(self.device), self.data.val.tensors[1].to(self.device)
        num_classes, distance = self.data.label_set.num_classes, self.boundary_distance
        confusion = ConfusionMatrix(num_classes)
        confusion.update(*pair)
        return Scores(
            mean_iou(confusion.counts),
            boundary_iou(*pair, num_classes, width=BOUNDARY_WIDTH, distance=distance),
        )
