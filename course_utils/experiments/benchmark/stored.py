"""What is stored of the wall: figures of each system and seed, and predictions."""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from course_utils.datasets.scenes.dataset import SceneDataset
from course_utils.experiments import claims as results
from course_utils.experiments.benchmark.store import (
    Entry,
    check_settings,
    file_of,
    read_figures,
)
from course_utils.experiments.benchmark.systems import SYSTEMS, System
from course_utils.settings import COURSE_ROOT

PICTURES = COURSE_ROOT / "results" / "predictions"
SHOWN = (0, 3, 5, 8, 11, 12, 16, 22)
"""Validation scenes on the wall; each phenomenon of the scenes is in one of them.
Images and targets are not stored, since scenes are drawn from their seeds."""
SHOWN_SEED = 0
"""The seed whose predictions are kept."""


@dataclass(frozen=True, eq=False)
class Wall:
    """What is stored of one run level and data set; maybe nothing.

    Attributes:
        level: name of the run level.
        data: name of the data.
        settings: of the trainings, equal for all; empty where nothing is stored.
        seeds: figures by seed and by key of the system.
        pictures: folder of the predictions.
    """

    level: str
    data: str
    settings: dict[str, Any]
    seeds: dict[int, dict[str, Entry]]
    pictures: Path

    @property
    def systems(self) -> tuple[System, ...]:
        """The systems of which anything is stored, in the order of the course."""
        there = {key for entries in self.seeds.values() for key in entries}
        return tuple(system for system in SYSTEMS if system.key in there)

    def entries(self, system: System) -> list[Entry]:
        """List what each seed found, in the order of the seeds."""
        return [e[system.key] for e in self.seeds.values() if system.key in e]

    def values(self, system: System, figure: str) -> np.ndarray:
        """Return a figure of each seed, float64, (seeds,), or (seeds, sizes) of recall.

        What could not be measured is nan.
        """
        found = [entry[figure] for entry in self.entries(system)]
        return np.array(found, dtype=np.float64)

    def cost(self, system: System, figure: str) -> float:
        """Return what a system costs, the mean over seeds; only latency differs."""
        found = [entry["costs"][figure] for entry in self.entries(system)]
        return sum(found) / len(found)

    def figures(self) -> dict[str, dict[str, float]]:
        """Name each seed's figures as claims do, "U-Net: mean IoU".

        Returns:
            Seed to name and value: mean IoU, boundary IoU, inconsistency, recall of
            small objects (the mean over those below 32² pixels), parameters and
            latency; the latter two in the units of ``results.UNITS``.
        """
        titles = {system.key: system.title for system in SYSTEMS}
        return {
            str(seed): {
                f"{titles[key]}: {name}": value
                for key, entry in entries.items()
                for name, value in _claimed(entry).items()
            }
            for seed, entries in self.seeds.items()
        }

    @property
    def shown(self) -> tuple[int, ...]:
        """Indices of the validation scenes on the wall; none of photographs."""
        number = self.settings.get("num_val", 0) if self.data == "scenes" else 0
        return tuple(index for index in SHOWN if index < number)

    def picture(self, system: System, index: int) -> Path:
        """Name the file of a prediction, a palette PNG."""
        return self.pictures / system.key / f"val_{index:05d}.png"

    def predictions(self) -> dict[str, list[np.ndarray]]:
        """Read the stored predictions, uint8, (H, W), by title of the system."""
        found = {}
        for system in self.systems:
            files = [self.picture(system, index) for index in self.shown]
            if files and all(file.is_file() for file in files):
                found[system.title] = [np.asarray(Image.open(file)) for file in files]
        return found

    @cached_property
    def scenes(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Images (H, W, 3) and targets (H, W) of the scenes, uint8, drawn anew."""
        if not self.shown:
            return [], []
        number, size = self.settings["num_val"], self.settings["image_size"]
        dataset = SceneDataset("val", number, size=size)
        scenes = [dataset.scene(index) for index in self.shown]
        return [scene.image for scene in scenes], [scene.target for scene in scenes]


def load_wall(level: str, data: str, *, folder: Path | None = None) -> Wall:
    """Read what is stored of a run level and data set; an empty wall if nothing is.

    Args:
        level: "ci", "laptop" or "full".
        data: "scenes", "voc" or "camvid".
        folder: of the figures, with the predictions below it, in ``wall``; by default
            those of the course, ``results`` and ``results/predictions``.

    Raises:
        ValueError: a file can't be read, or two are of different trainings.
    """
    figures = results.RESULTS if folder is None else folder
    pictures = PICTURES if folder is None else folder / "wall"
    settings: dict[str, Any] = {}
    seeds = {}
    for path in figures.glob(file_of(figures, level, data, "*").name):
        saved = read_figures(path)
        settings = settings or saved["settings"]
        check_settings(path, saved["settings"], settings)
        seeds[saved["seed"]] = saved["systems"]
    ordered = dict(sorted(seeds.items()))
    return Wall(level, data, settings, ordered, pictures / f"{data}_{level}")


def _claimed(entry: Entry) -> dict[str, float]:
    """Pick the figures that claims are about."""
    small = slice(None, 3)  # the bins below 8², 16² and 32² pixels
    found = zip(entry["recall"][small], entry["num_objects"][small], strict=True)
    pairs = [(recall, number) for recall, number in found if number]
    total = sum(number for _, number in pairs)
    recalled = sum(recall * number for recall, number in pairs)
    return {
        "mean IoU": entry["mean_iou"],
        "boundary IoU": entry["boundary_iou"],
        "inconsistency": entry["inconsistency"],
        "recall of small objects": recalled / total if total else math.nan,
        "parameters, M": entry["costs"]["parameters"] / 1e6,
        "latency, ms": 1000 * entry["costs"]["latency"],
    }
