"""A training that outlives its process, and stops when it is told to."""

import math
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.datasets.course import CourseData
from course_utils.datasets.transforms import eval_transform
from course_utils.experiments.recipe import LR_DECAY, Crops, make_rmsprop
from course_utils.training.checkpoints import load_checkpoint, save_checkpoint
from course_utils.training.loop import own_random_numbers, train_one_epoch
from course_utils.training.precision import (
    fastest_convolutions,
    make_accelerator,
    out_of_memory_advice,
)
from course_utils.training.scoring import (
    EVALUATION_BATCH,
    describe_scores,
    score_both_ways,
)

SECONDS_BETWEEN_CHECKPOINTS = 60.0


class LongTraining:
    """A training by the recipe of FC-DenseNet's authors, in one or more stages.

    Attributes:
        model: on the device, trained in place.
        pairs: what it is trained and scored on.
        settings: what a checkpoint must agree with.
        record: of all runs so far: "stages" (settings and epochs of each), "train_loss"
            (an epoch each), "scores", "training_minutes" and "evaluation_minutes", and
            "runs": what each was made with, its epochs and minutes.

    Args:
        model: of random weights; replaced by the checkpoint's where there is one.
        pairs: moved to the device, decoded.
        settings: numbers and texts that name this training; "seed" chooses order, crops
            and dropout.
        stage: name of the stage to train in.
        crop: side of the crops, pixels; None takes whole images.
        batch_size: images a step.
        lr: at the start of the stage.
        path: of the checkpoint.
        made_with: commit, device and the like of this run.

    Raises:
        ValueError: the checkpoint belongs to another training or stage.
    """

    def __init__(
        self,
        model: nn.Module,
        pairs: CourseData,
        *,
        settings: dict[str, Any],
        stage: str,
        crop: int | None,
        batch_size: int,
        lr: float,
        path: Path,
        made_with: dict[str, str],
    ) -> None:
        self.pairs, self.settings, self.path = pairs, settings, path
        self.accelerator = make_accelerator(settings["seed"])
        device = self.accelerator.device
        self.model = model.to(device, memory_format=torch.channels_last)
        images, targets = _tight(pairs.train.tensors, pairs.train_sizes)
        self.batches = Crops(
            images.to(device),
            targets.to(device),
            batch_size=batch_size,
            size=None if crop is None else (crop, crop),
        )
        images, targets = _tight(pairs.val.tensors, pairs.val_sizes)
        self.val = list(
            zip(
                images.to(device).split(EVALUATION_BATCH),
                targets.to(device).split(EVALUATION_BATCH),
                strict=True,
            )
        )
        self.optimizer: Any = make_rmsprop(self.model, lr)
        self.stage: dict[str, Any] = {"stage": stage, "crop": crop}
        self.stage |= {"batch_size": batch_size, "lr": lr, "epochs": 0}
        self.this_run: dict[str, Any] = {**made_with, "epochs": 0, "minutes": 0.0}
        self.record: dict[str, Any] = {"stages": [], "train_loss": [], "scores": []}
        self.record |= {"training_minutes": 0.0, "evaluation_minutes": 0.0, "runs": []}
        if path.is_file():
            self._resume()
        if self.stage not in self.record["stages"]:
            self.record["stages"].append(self.stage)

    @property
    def epoch(self) -> int:
        """Epochs of all stages so far."""
        return len(self.record["train_loss"])

    def run(self, deadline: float, *, epochs: int, evaluate_every: int) -> None:
        """Train, score and save until the stage or the time is over.

        Args:
            deadline: of ``time.monotonic``, seconds; one epoch is run in any case.
            epochs: of the stage at most.
            evaluate_every: epochs between two evaluations; the last is always scored.

        Raises:
            RuntimeError: the GPU's memory is too small, or the loss is no number; what
                the last checkpoint holds is left as it is.
        """
        net, self.optimizer = self.accelerator.prepare(self.model, self.optimizer)
        saved_at, needed = time.monotonic(), 0.0  # seconds of an epoch and its scores
        scoring_seconds: float | None = None
        try:
            while self.stage["epochs"] < epochs:
                if needed and time.monotonic() + needed > deadline:
                    break
                started = time.monotonic()
                self._train_epoch(net)
                is_scored = self.stage["epochs"] % evaluate_every == 0
                is_due = time.monotonic() - saved_at > SECONDS_BETWEEN_CHECKPOINTS
                if is_scored or is_due:
                    self._save()
                    saved_at = time.monotonic()
                if is_scored:
                    scoring_seconds = self._score(net)
                needed = time.monotonic() - started
                if not is_scored:
                    needed += needed if scoring_seconds is None else scoring_seconds
            scores = self.record["scores"]
            if not scores or scores[-1]["epoch"] < self.epoch:
                self._save()
                self._score(net)
            self._save()
        finally:
            self.accelerator.unwrap_model(net, keep_fp32_wrapper=False)

    def _train_epoch(self, net: nn.Module) -> None:
        started = time.monotonic()
        for group in self.optimizer.param_groups:
            group["lr"] = self.stage["lr"] * LR_DECAY ** self.stage["epochs"]
        seed = self.settings["seed"]
        try:
            with (
                fastest_convolutions(),
                own_random_numbers(seed, self.epoch, self.batches),
            ):
                loss = train_one_epoch(
                    net,
                    self.batches,
                    self.optimizer,
                    transform=eval_transform(),  # crops are cut and mirrored already
                    backward=self.accelerator.backward,
                )
        except torch.OutOfMemoryError:
            advice = out_of_memory_advice(self.batches.batch_size, self.batches.size)
            raise RuntimeError(
                f"{advice} (another batch_size is another training: name another file)"
            ) from None
        if not math.isfinite(loss):
            raise RuntimeError(
                f"the loss must be a number, and was {loss} in epoch {self.epoch + 1}; "
                f"{self.path} was left as it was: train anew with a smaller lr, and "
                "name another file"
            )
        minutes = (time.monotonic() - started) / 60
        self.record["train_loss"].append(loss)
        self.record["training_minutes"] += minutes
        self.stage["epochs"] += 1
        if not self.this_run["epochs"]:
            self.record["runs"].append(self.this_run)
        self.this_run["epochs"] += 1
        self.this_run["minutes"] += minutes

    def _score(self, net: nn.Module) -> float:
        """Score the model, keep and print the scores; return the seconds it took."""
        started = time.monotonic()
        try:
            scores = score_both_ways(net, self.val, self.pairs.label_set)
        except torch.OutOfMemoryError:
            height, width = self.val[0][0].shape[-2:]
            raise RuntimeError(
                f"{EVALUATION_BATCH} images of {height}×{width} pixels must fit into "
                "the GPU's memory to be scored, and do not; the training is saved in "
                f"{self.path}: go on where there is more memory"
            ) from None
        seconds = time.monotonic() - started
        entry = {"epoch": self.epoch, **scores, "seconds": seconds}
        self.record["scores"].append(entry)
        self.record["evaluation_minutes"] += seconds / 60
        print(
            f"epoch {self.epoch}: loss {self.record['train_loss'][-1]:.3f}, "
            f"{describe_scores(scores)}; {self.record['training_minutes']:.1f} minutes "
            "of training",
            flush=True,
        )
        return seconds

    def _save(self) -> None:
        scaler = self.accelerator.scaler  # of float16's gradients
        save_checkpoint(
            self.path,
            self.model,
            settings=self.settings,
            record=self.record,
            optimizer=self.optimizer.state_dict(),
            scaler=None if scaler is None else scaler.state_dict(),
        )

    def _resume(self) -> None:
        saved = load_checkpoint(self.path, self.model, settings=self.settings)
        self.record = {"runs": [], **saved["record"]}
        if self.accelerator.scaler is not None and saved.get("scaler"):
            self.accelerator.scaler.load_state_dict(saved["scaler"])
        last, wanted = self.record["stages"][-1], self.stage["stage"]
        if last["stage"] == wanted:
            differ = [
                k for k in self.stage if k != "epochs" and last[k] != self.stage[k]
            ]
            if differ:
                raise ValueError(
                    f"{self.path} must be of this training, but its {differ[0]} is "
                    f"{last[differ[0]]}, not {self.stage[differ[0]]}; name another "
                    "file, or give the same"
                )
            self.stage = last
            self.optimizer.load_state_dict(saved["optimizer"])
        elif wanted in [stage["stage"] for stage in self.record["stages"]]:
            raise ValueError(
                f"{self.path} must not be beyond the stage {wanted}, but is in the "
                f"stage {last['stage']}; name that stage, or another file"
            )
        print(f"going on after epoch {self.epoch}, from {self.path.name}", flush=True)


def _tight(tensors: tuple[Tensor, ...], sizes: Tensor) -> tuple[Tensor, ...]:
    """Cut off padding that no image needs, of images and targets."""
    height, width = sizes.amax(dim=0).tolist()
    return tuple(tensor[..., :height, :width].contiguous() for tensor in tensors)
