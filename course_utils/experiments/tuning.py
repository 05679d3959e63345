"""Choose the optimizer and its learning rate, net by net, in the open.

Every net is trained with every optimizer at several learning rates: the same pairs,
steps and augmentation, a tenth of the steps to warm up. Scores are taken on training
pairs that were held out, so that no validation pair has a part in the choice. The grid
grows until the best rate of each row lies inside it.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch.utils.data import TensorDataset

from course_utils.datasets.course import CourseData
from course_utils.experiments.benchmark.systems import MODELS, make_net
from course_utils.experiments.benchmark.training import train_net
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.settings import RunLevel, provenance
from course_utils.training.optimizers import LEARNING_RATES

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
        return _rounded(self.best_rate / 3 if is_lowest else self.best_rate * 3)


def tune(
    run: RunLevel,
    data: CourseData,
    folder: Path,
    *,
    models: Sequence[str] = MODELS,
    optimizers: Sequence[str] = tuple(GRID),
) -> list[Tuned]:
    """Train every model with every optimizer and rate, and store what was found.

    A score is written as soon as it is known; what is there is not trained again.
    Processes can share the work if each has models of its own.

    Args:
        run: Run level: steps, batch size, width and seed.
        data: Pairs, of which the training pairs alone are used.
        folder: Folder of one JSON file for each model.
        models: Names of the models.
        optimizers: Names of the optimizers.

    Raises:
        ValueError: A model or an optimizer is unknown, or what is stored was made with
            other settings.
    """
    for what, given, known in (
        ("models", models, MODELS),
        ("optimizers", optimizers, LEARNING_RATES),
    ):
        if unknown := [name for name in given if name not in known]:
            raise ValueError(
                f"{what} must be some of {', '.join(known)}, got {unknown[0]!r}"
            )
    pairs = hold_out(data)
    for model in models:
        for optimizer in optimizers:
            _tune_row(run, pairs, folder / f"{model}.json", model, optimizer)
    return load_tuning(folder)


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


def _tune_row(
    run: RunLevel, pairs: CourseData, path: Path, model: str, optimizer: str
) -> None:
    stored = _read(path, _settings(run, pairs))
    scores = stored["scores"].setdefault(optimizer, {})
    waiting = list(GRID[optimizer])
    while waiting:
        rate = waiting.pop(0)
        if f"{rate:g}" not in scores:
            scores[f"{rate:g}"] = _score(run, pairs, model, optimizer, rate)
            _write(path, {**stored, **provenance()})
        row = Tuned(model, optimizer, _as_numbers(scores))
        if not waiting and (beyond := row.next_rate()) is not None:
            waiting.append(beyond)


def _score(
    run: RunLevel, pairs: CourseData, model: str, optimizer: str, rate: float
) -> float:
    protocol = TrainingProtocol(
        "tune", run, pairs, optimizer=optimizer, lr=rate, warmup=0.1
    )
    num_classes = pairs.label_set.num_classes

    def make() -> Any:
        return make_net(model, num_classes, run.base_channels, None)

    try:
        score = train_net(protocol, model, make).scores.mean_iou
    except RuntimeError as error:
        if "finite" not in str(error):
            raise
        score = 0.0  # it diverged
    print(f"{model}, {optimizer} {rate:g}: mean IoU {100 * score:.1f} %", flush=True)
    return 0.0 if math.isnan(score) else score


def load_tuning(folder: Path) -> list[Tuned]:
    """Read every row that is stored in a folder."""
    rows = []
    for path in sorted(folder.glob("*.json")):
        scores = json.loads(path.read_text(encoding="utf-8"))["scores"]
        rows += [Tuned(path.stem, name, _as_numbers(s)) for name, s in scores.items()]
    return rows


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


def _write(path: Path, stored: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.tmp")
    unfinished.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)


def _as_numbers(scores: dict[str, float]) -> dict[float, float]:
    return {float(rate): score for rate, score in scores.items()}


def _rounded(rate: float) -> float:
    """Round to one digit: a third of 3e-4 is 1e-4."""
    return float(f"{rate:.0e}")
