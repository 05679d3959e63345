"""How far does a net come in how many steps, by the old recipe and by the new?

An earlier edition of the course trained with AdamW for 600 steps, where some nets had
hardly begun to learn, and compared them there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
from course_utils.training.optimizers import LEARNING_RATES

RECIPES = {"old": ("adamw", 0.0), "new": ("muon", 0.1)}
"""Optimizer of each recipe, and the proportion of the steps that it warms up for."""
_PARTS = (0.25, 0.5, 1, 2, 4)
"""Lengths of the trainings, in steps of the run level: 150 to 2400 at ``full``."""

_LENGTHS = {"model": NAME, "recipe": NAME, "scores": named(number(0, 1), least=0)}


@dataclass(frozen=True)
class Lengths:
    """One net's mean IoU by the length of its training.

    Attributes:
        model: Name of the model.
        recipe: One of ``RECIPES``.
        scores: Mean IoU on val by the number of steps, a proportion; each is the end of
            a training of its own, since the learning rate falls to 0 in each.
    """

    model: str
    recipe: str
    scores: dict[int, float]

    def __post_init__(self) -> None:
        """Refuse what is no row of scores."""
        check_all(_LENGTHS, vars(self).items())


@checked(
    run=a("RunLevel"),
    data=a("CourseData"),
    folder=PATH,
    models=each(one_of(*MODEL_NAMES)),
    recipes=each(one_of(*RECIPES)),
)
def sweep_lengths(
    run: RunLevel,
    data: CourseData,
    folder: Path,
    *,
    models: Sequence[str],
    recipes: Sequence[str] = tuple(RECIPES),
) -> list[Lengths]:
    """Train every model for several numbers of steps, and store the scores.

    What is stored is not trained again. Several processes can share the work if each
    has models of its own.

    Args:
        run: Run level, whose steps are taken a quarter to four times.
        data: Data to train and validate on.
        folder: Folder that gets a JSON file for each model.
        models: Names of the models.
        recipes: Names of the recipes, from ``RECIPES``.

    Raises:
        ValueError: A file in the folder holds scores of other settings.
    """
    settings = {**shared_settings(run, data), "num_val": len(data.val)}
    files = {model: ScoreFile(folder / f"{model}.json", settings) for model in models}
    for part in _PARTS:  # the short ones first, for all models
        steps = max(1, round(part * run.steps))
        for model, file in files.items():
            for recipe in recipes:
                if steps not in file.row(recipe):
                    optimizer, warmup = RECIPES[recipe]
                    rate = LEARNING_RATES[optimizer]
                    training = Training(model, optimizer, rate, steps, warmup)
                    file.add(recipe, steps, training.score(run, data))
    return [row for row in load_lengths(folder) if row.model in models]


@checked(folder=PATH)
def load_lengths(folder: Path) -> list[Lengths]:
    """Read all rows that ``sweep_lengths`` stored in a folder."""
    return [
        Lengths(path.stem, recipe, {int(k): v for k, v in scores.items()})
        for path in sorted(folder.glob("*.json"))
        for recipe, scores in json.loads(path.read_text())["scores"].items()
    ]
