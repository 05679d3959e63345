"""What a training shows while it runs, and remembers of each epoch."""

import sys
import time
from dataclasses import dataclass, field

import torch
from torch import Tensor
from tqdm import tqdm

from course_utils.training.evaluation import Transform


@dataclass
class History:
    """What a training did, one entry an epoch.

    Attributes:
        train_loss: mean loss over the training images, nats.
        mean_iou: over the validation images, proportion.
        images_per_second: trained images.
        peak_memory: most GPU memory allocated, bytes; 0 without a GPU.
    """

    train_loss: list[float] = field(default_factory=list)
    mean_iou: list[float] = field(default_factory=list)
    images_per_second: list[float] = field(default_factory=list)
    peak_memory: int = 0


class Progress:
    """The progress bar of a training, and the history behind it.

    Args:
        description: stands before the bar.
        num_batches: steps an epoch.
        epochs: of the whole training.
        history: of the epochs done before; gains an entry after every epoch.
        shown: whether there is a bar; of several processes, one shows it.
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
        self.num_steps = num_batches * epochs
        self.step = num_batches * len(history.train_loss)
        self.batch_shape: tuple[int, tuple[int, int]] = (0, (0, 0))
        self.num_images, self.started = 0, 0.0
        self.bar = tqdm(
            total=self.num_steps,
            initial=self.step,
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
        self.step += 1
        if self.bar.update():  # only when it is redrawn, since reading the loss waits
            self.bar.set_postfix(self._postfix(loss.item()), refresh=False)

    def after_training(self, loss: float) -> None:
        """Enter an epoch's mean training loss and its speed into the history."""
        seconds = time.monotonic() - self.started
        self.history.train_loss.append(loss)
        self.history.images_per_second.append(self.num_images / seconds)
        if torch.cuda.is_available():
            peak = torch.cuda.max_memory_allocated()
            self.history.peak_memory = max(self.history.peak_memory, peak)
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
