"""A file of scores that grows while a sweep runs, so that it can go on later."""

import json
import math
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from course_utils.datasets.course import CourseData
from course_utils.experiments.benchmark.systems import make_net
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.files import plan_outputs, write_whole
from course_utils.settings import RunLevel, provenance


@dataclass(frozen=True)
class Training:
    """One training of a sweep.

    Attributes:
        model: Name of the model.
        optimizer: Name of the optimizer.
        lr: Largest learning rate.
        steps: Optimizer steps.
        warmup: Proportion of the steps during which the learning rate rises.
    """

    model: str
    optimizer: str
    lr: float
    steps: int
    warmup: float

    def score(self, run: RunLevel, data: CourseData) -> float:
        """Train by the protocol; return the mean IoU on val, 0 if it diverged."""
        protocol = TrainingProtocol(
            None,
            replace(run, steps=self.steps),
            data,
            optimizer=self.optimizer,
            lr=self.lr,
            warmup=self.warmup,
        )
        num_classes, width = data.label_set.num_classes, run.base_channels
        started = time.monotonic()
        try:
            make = partial(make_net, self.model, num_classes, width, None)
            score = protocol.train(self.model, make).scores.mean_iou
        except RuntimeError as error:
            if "finite" not in str(error):
                raise
            score = 0.0
        print(
            f"{self.model}, {self.optimizer} {self.lr:g}, {self.steps} steps: mean IoU "
            f"{100 * score:.1f} %, {time.monotonic() - started:.0f} s",
            flush=True,
        )
        return 0.0 if math.isnan(score) else score


class ScoreFile:
    """Scores of a model by row and column, written as soon as one is known.

    Args:
        path: JSON file to read and to write.
        settings: Settings that all trainings in the file share.

    Raises:
        ValueError: The file holds scores of other settings.
    """

    def __init__(self, path: Path, settings: dict[str, Any]) -> None:
        plan_outputs([path], replaced=[path])  # those of others are refused below
        self.path = path
        self.stored: dict[str, Any] = {"settings": settings, "scores": {}}
        if path.is_file():
            self.stored = json.loads(path.read_text(encoding="utf-8"))
        if (found := self.stored["settings"]) != settings:
            raise ValueError(
                f"{path} must hold scores of these settings, got {found} instead of "
                f"{settings}; name another folder"
            )

    def row(self, name: str) -> dict[float, float]:
        """List the scores of a row by column."""
        return {float(k): v for k, v in self.stored["scores"].get(name, {}).items()}

    def add(self, row: str, column: float, score: float) -> None:
        """Enter a score, and write the file with the commit and device it is from."""
        self.stored["scores"].setdefault(row, {})[f"{column:g}"] = score
        text = json.dumps({**self.stored, **provenance()}, indent=1)
        with write_whole(self.path) as file:
            file.write(f"{text}\n".encode())


def shared_settings(run: RunLevel, data: CourseData) -> dict[str, Any]:
    """Name what all trainings of a sweep have in common."""
    return {
        "data": data.name,
        "num_train": len(data.train),
        "image_size": run.image_size,
        "base_channels": run.base_channels,
        "batch_size": run.batch_size,
        "seed": run.seed,
    }
