"""What a training shows while it runs, and remembers of each epoch."""

import sys
import time
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from course_utils.arguments import a, check_all, each, number, whole
from course_utils.settings import provenance
from course_utils.training.evaluation import Transform

_CURVE = each(number(finite=False), least=0)
_RULES = {
    "train_loss": _CURVE,
    "mean_iou": _CURVE,
    "images_per_second": _CURVE,
    "peak_memory": whole(0),
    "runs": each(a("dict"), least=0),
}


@dataclass
class History:
    """What a training did, one entry an epoch.

    Attributes:
        train_loss: Mean loss over the training images, nats.
        mean_iou: Mean IoU over the validation images, a proportion; nan for an epoch
            that was not evaluated.
        images_per_second: Speed of training.
        peak_memory: Most GPU memory allocated, bytes; 0 without a GPU.
        runs: The runs that the training took: for each, what it was made with
            (``settings.provenance``), its "epochs" and its "minutes" of training.
    """

    train_loss: list[float] = field(default_factory=list)
    mean_iou: list[float] = field(default_factory=list)
    images_per_second: list[float] = field(default_factory=list)
    peak_memory: int = 0
    runs: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse what is no history."""
        check_all(_RULES, vars(self).items())

    @property
    def minutes(self) -> float:
        """Minutes of training in all runs, evaluation not counted."""
        return sum(run["minutes"] for run in self.runs)


class Progress:
    """The progress bar of a training, and the history behind it.

    Args:
        description: Text before the bar.
        num_batches: Number of steps in an epoch.
        epochs: Number of epochs in the whole training.
        history: Record of the epochs done before; gains an entry after every epoch.
        shown: Whether to show the bar; of several processes, one does.
    """

    def __init__(
        self,
        description: str,
        num_batches: int,
        epochs: int,
        history: History,
        *,
        shown: bool = True,
    ) -> None:
        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats()  # the peak of this training alone
        self.history = history
        history.runs.append({**provenance(), "epochs": 0, "minutes": 0.0})
        self.batch_shape: tuple[int, tuple[int, int]] = (0, (0, 0))
        self.num_images, self.started = 0, 0.0
        self.bar = tqdm(
            total=num_batches * epochs,
            initial=num_batches * len(history.train_loss),
            desc=description,
            mininterval=0.5,
            disable=not shown,
            file=sys.stdout,  # not an error: no red box in a notebook
        )

    def watched(self, transform: Transform) -> Transform:
        """Note the size of every batch on its way to the transform."""

        def note_size(images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
            if self.num_images == 0:
                self.started = time.monotonic()
            self.batch_shape = (len(images), tuple(images.shape[-2:]))
            self.num_images += len(images)
            return transform(images, targets)

        return note_size

    def after_step(self, loss: Tensor) -> None:
        """Move the bar by one step."""
        if self.bar.update():  # only when it is redrawn, since reading the loss waits
            self.bar.set_postfix(self._postfix(loss.item()), refresh=False)

    def after_training(self, loss: float) -> None:
        """Enter an epoch's mean training loss and its speed into the history."""
        history, seconds = self.history, time.monotonic() - self.started
        history.train_loss.append(loss)
        history.images_per_second.append(self.num_images / seconds)
        history.runs[-1]["epochs"] += 1
        history.runs[-1]["minutes"] += seconds / 60
        if torch.cuda.is_available():
            peak = torch.cuda.max_memory_allocated()
            history.peak_memory = max(history.peak_memory, peak)
        self.num_images = 0

    def after_evaluation(self, score: float) -> None:
        """Enter an epoch's mean IoU into the history, and show it."""
        self.history.mean_iou.append(score)
        self.bar.set_postfix(self._postfix(self.history.train_loss[-1]))

    def _postfix(self, loss: float) -> dict[str, str]:
        shown = {"loss": f"{loss:.3f}"}
        if self.history.mean_iou:
            shown["mIoU"] = f"{100 * self.history.mean_iou[-1]:.1f} %"
        if self.history.images_per_second:
            shown["images/s"] = f"{self.history.images_per_second[-1]:.0f}"
        return shown
