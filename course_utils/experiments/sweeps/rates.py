"""Which optimizer, and which learning rate? Every net with each, at equal steps.

The same pairs, steps and augmentation for all, a tenth of the steps to warm up. Scores
are taken on training pairs that were held out, so that no validation pair has a part in
the choice. The grid grows until the best rate of each row lies inside it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from torch.utils.data import TensorDataset

from course_utils.arguments import (
    NAME,
    PATH,
    a,
    check_all,
    checked,
    each,
    named,
    number,
    one_of,
)
from course_utils.datasets.course import CourseData
from course_utils.experiments.sweeps.scores import (
    ScoreFile,
    Training,
    shared_settings,
)
from course_utils.models.create import MODEL_NAMES
from course_utils.settings import RunLevel

GRID = {  # optimizer: learning rates to begin with
    "adamw": (3e-4, 1e-3, 3e-3),
    "sgd": (0.03, 0.1, 0.3),
    "muon": (0.01, 0.02, 0.05),
}
_MOST_RATES = 7
"""Rates that are tried in a row at most, should the best one never lie inside."""
_HELD_OUT = 4
"""Every fourth training pair is held out to score on."""

_RATES = {"model": NAME, "optimizer": NAME, "scores": named(number(0, 1))}


@dataclass(frozen=True)
class Rates:
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

    def __post_init__(self) -> None:
        """Refuse what is no row of scores."""
        check_all(_RATES, vars(self).items())

    @property
    def best(self) -> float:
        """The learning rate with the highest score."""
        return max(self.scores, key=lambda rate: self.scores[rate])

    @property
    def is_inside(self) -> bool:
        """Whether a lower and a higher rate than the best one were tried."""
        return min(self.scores) < self.best < max(self.scores)

    def next_rate(self) -> float | None:
        """Name the rate to try next, so that the best one comes to lie inside."""
        if self.is_inside or len(self.scores) >= _MOST_RATES:
            return None
        beyond = self.best / 3 if self.best == min(self.scores) else self.best * 3
        return float(f"{beyond:.0e}")  # one digit: a third of 3e-4 is 1e-4


@checked(
    run=a("RunLevel"),
    data=a("CourseData"),
    folder=PATH,
    models=each(one_of(*MODEL_NAMES)),
    optimizers=each(one_of(*GRID)),
)
def sweep_rates(
    run: RunLevel,
    data: CourseData,
    folder: Path,
    *,
    models: Sequence[str],
    optimizers: Sequence[str] = tuple(GRID),
) -> list[Rates]:
    """Train every model with every optimizer at several rates, and store the scores.

    What is stored is not trained again. Several processes can share the work if each
    has models of its own.

    Args:
        run: Run level, which sets the steps.
        data: Data whose training pairs are split.
        folder: Folder that gets a JSON file for each model.
        models: Names of the models.
        optimizers: Names of the optimizers.

    Raises:
        ValueError: A file in the folder holds scores of other settings.
    """
    pairs = _hold_out(data)
    settings = shared_settings(run, pairs)
    settings |= {"num_held_out": len(pairs.val), "steps": run.steps}
    rows = []
    for model in models:
        file = ScoreFile(folder / f"{model}.json", settings)
        for optimizer in optimizers:
            rates = list(GRID[optimizer])
            while rates:
                rate = rates.pop(0)
                if rate not in file.row(optimizer):
                    training = Training(model, optimizer, rate, run.steps, 0.1)
                    file.add(optimizer, rate, training.score(run, pairs))
                row = Rates(model, optimizer, file.row(optimizer))
                if not rates and (beyond := row.next_rate()) is not None:
                    rates.append(beyond)
            rows.append(row)
    return rows


@checked(folder=PATH)
def load_rates(folder: Path) -> list[Rates]:
    """Read all rows that ``sweep_rates`` stored in a folder."""
    return [
        Rates(path.stem, optimizer, {float(k): v for k, v in scores.items()})
        for path in sorted(folder.glob("*.json"))
        for optimizer, scores in json.loads(path.read_text())["scores"].items()
    ]


def _hold_out(data: CourseData) -> CourseData:
    """Split the training pairs: every fourth is held out in place of the val pairs."""
    images, targets = data.train.tensors
    held = [k % _HELD_OUT == _HELD_OUT - 1 for k in range(len(images))]
    kept = [not one for one in held]
    return replace(
        data,
        train=TensorDataset(images[kept], targets[kept]),
        val=TensorDataset(images[held], targets[held]),
        train_sizes=data.train_sizes[kept],
        val_sizes=data.train_sizes[held],
    )
