"""Try optimizers and learning rates, net by net: python tools/tune_optimizers.py DIR.

Every net is trained with every optimizer at several learning rates: the same pairs,
steps and augmentation, a tenth of the steps to warm up. Scores are taken on training
pairs that were held out, so that no validation pair has a part in the choice. The grid
grows until the best rate of each row lies inside it.

DIR gets one JSON file for each model. A score is written as soon as it is known, and
what is there is not trained again. Processes can share the work if each has models of
its own. COURSE_RUN and COURSE_DATA choose as in the notebooks.
"""

import argparse
import json
import math
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from torch.utils.data import TensorDataset

from course_utils.datasets.course import CourseData, course_data
from course_utils.experiments.benchmark.systems import MODELS, make_net
from course_utils.experiments.benchmark.training import train_net
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.files import write_whole
from course_utils.settings import RunLevel, provenance, run_level

GRID = {  # optimizer: learning rates to begin with
    "adamw": (3e-4, 1e-3, 3e-3),
    "sgd": (0.03, 0.1, 0.3),
    "muon": (0.01, 0.02, 0.05),
}
MOST_RATES = 7
"""Rates that are tried in a row at most, should the best one never lie inside."""
HELD_OUT = 4
"""Every fourth training pair is held out to score on."""


@dataclass(frozen=True)
class Tuned:
    """One net's row of scores with one optimizer.

    Attributes:
        model: Name of the model.
        optimizer: Name of the optimizer.
        scores: Mean IoU on the held-out pairs by learning rate, a proportion; 0 where
            the training diverged.
    """

    model: str
    optimizer: str
    scores: dict[float, float]

    @property
    def best_rate(self) -> float:
        """The learning rate with the highest score."""
        return max(self.scores, key=lambda rate: self.scores[rate])

    @property
    def is_inside(self) -> bool:
        """Whether a lower and a higher rate than the best one were tried."""
        return min(self.scores) < self.best_rate < max(self.scores)

    def next_rate(self) -> float | None:
        """Name the rate to try next, so that the best one comes to lie inside."""
        if self.is_inside or len(self.scores) >= MOST_RATES:
            return None
        is_lowest = self.best_rate == min(self.scores)
        beyond = self.best_rate / 3 if is_lowest else self.best_rate * 3
        return float(f"{beyond:.0e}")  # one digit: a third of 3e-4 is 1e-4


def main() -> None:
    """Train every model with every optimizer and rate, and show the best of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--optimizers", nargs="+", choices=GRID, default=list(GRID))
    parser.add_argument("--steps", type=int, metavar="N", help="steps of a training")
    args = parser.parse_args()
    run = run_level()
    run = replace(run, steps=args.steps or run.steps)
    pairs = hold_out(course_data(run))
    rows = [
        tune(run, pairs, args.folder / f"{model}.json", model, optimizer)
        for model in args.models
        for optimizer in args.optimizers
    ]
    for row in rows:
        score = 100 * row.scores[row.best_rate]
        print(f"{row.model:14s} {row.optimizer:6s} {row.best_rate:<7g} {score:5.1f} %")


def hold_out(data: CourseData) -> CourseData:
    """Split the training pairs: every fourth is held out in place of the val pairs."""
    images, targets = data.train.tensors
    held = [k % HELD_OUT == HELD_OUT - 1 for k in range(len(images))]
    kept = [not one for one in held]
    return replace(
        data,
        train=TensorDataset(images[kept], targets[kept]),
        val=TensorDataset(images[held], targets[held]),
        train_sizes=data.train_sizes[kept],
        val_sizes=data.train_sizes[held],
    )


def tune(
    run: RunLevel, pairs: CourseData, path: Path, model: str, optimizer: str
) -> Tuned:
    """Train a model with an optimizer at every rate, and store the scores.

    Raises:
        ValueError: The file holds scores of other settings.
    """
    stored = _read(path, _settings(run, pairs))
    scores = stored["scores"].setdefault(optimizer, {})
    rates = list(GRID[optimizer])
    for rate in rates:
        if f"{rate:g}" not in scores:
            scores[f"{rate:g}"] = _score(run, pairs, model, optimizer, rate)
            with write_whole(path) as file:
                text = json.dumps({**stored, **provenance()}, indent=1)
                file.write(f"{text}\n".encode())
        row = Tuned(model, optimizer, {float(k): v for k, v in scores.items()})
        if rate == rates[-1] and (beyond := row.next_rate()) is not None:
            rates.append(beyond)
    return row


def _score(
    run: RunLevel, pairs: CourseData, model: str, optimizer: str, rate: float
) -> float:
    protocol = TrainingProtocol(
        None, run, pairs, optimizer=optimizer, lr=rate, warmup=0.1
    )
    num_classes = pairs.label_set.num_classes
    make = partial(make_net, model, num_classes, run.base_channels, None)
    started = time.monotonic()
    try:
        score = train_net(protocol, model, make).scores.mean_iou
    except RuntimeError as error:
        if "finite" not in str(error):
            raise
        score = 0.0  # it diverged
    seconds = time.monotonic() - started
    print(
        f"{model}, {optimizer} {rate:g}: mean IoU {100 * score:.1f} %, {seconds:.0f} s",
        flush=True,
    )
    return 0.0 if math.isnan(score) else score


def _settings(run: RunLevel, pairs: CourseData) -> dict[str, Any]:
    return {
        "data": pairs.name,
        "num_train": len(pairs.train),
        "num_held_out": len(pairs.val),
        "image_size": run.image_size,
        "base_channels": run.base_channels,
        "batch_size": run.batch_size,
        "steps": run.steps,
        "seed": run.seed,
    }


def _read(path: Path, settings: dict[str, Any]) -> dict[str, Any]:
    if not path.is_file():
        return {"settings": settings, "scores": {}}
    stored = json.loads(path.read_text(encoding="utf-8"))
    if stored["settings"] != settings:
        raise ValueError(
            f"{path} must hold scores of these settings, got {stored['settings']} "
            f"instead of {settings}; name another folder"
        )
    return stored


if __name__ == "__main__":
    main()
