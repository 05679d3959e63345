"""What is stored of the benchmark: figures as JSON, one file a seed, and predictions.

Runs with different seeds write different files, so they can work side by side.
"""

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from course_utils.arguments import NAME, PATH, a, checked, one_of, optional
from course_utils.datasets.scenes.dataset import SceneDataset
from course_utils.experiments.benchmark.systems import SYSTEMS, System
from course_utils.experiments.claims import evidence
from course_utils.experiments.claims.evidence import Evidence
from course_utils.files import write_whole
from course_utils.settings import RUN_LEVELS

_SHOWN = (0, 3, 5, 8, 11, 12, 16, 22)
"""Validation scenes whose predictions are kept; each phenomenon of the scenes is in one
of them. Images and targets are not stored, since scenes are drawn from their seeds."""
BENCHMARK = a("Benchmark", advice="read it with load_benchmark")
"""A rule that functions share: stored results."""
SHOWN_SEED = 0
"""Seed whose predictions are kept."""
Entry = dict[str, Any]
"""Figures of one system and seed, see ``measure``; None where nothing was measured."""


@dataclass(frozen=True, eq=False)
class Benchmark:
    """Stored results of one run level and data set; possibly none.

    Attributes:
        level: Name of the run level.
        data: Name of the data.
        settings: Settings of the trainings, equal for all; empty if nothing is stored.
        seeds: Figures by seed and by key of the system.
        folder: Folder of the predictions.
    """

    level: str
    data: str
    settings: dict[str, Any]
    seeds: dict[int, dict[str, Entry]]
    folder: Path

    @property
    def systems(self) -> tuple[System, ...]:
        """Systems that have stored figures, in the order of the course."""
        stored = {key for entries in self.seeds.values() for key in entries}
        return tuple(system for system in SYSTEMS if system.key in stored)

    def entries(self, system: System) -> list[Entry]:
        """List the figures of a system, in the order of the seeds."""
        return [e[system.key] for e in self.seeds.values() if system.key in e]

    def values(self, system: System, figure: str) -> np.ndarray:
        """Return one figure for each seed, float64, (seeds,); recall (seeds, sizes).

        A value that could not be measured is nan.
        """
        found = [(entry | entry["costs"])[figure] for entry in self.entries(system)]
        return np.array(found, dtype=np.float64)

    def cost(self, system: System, figure: str) -> float:
        """Return a cost of a system, the mean over seeds."""
        return float(self.values(system, figure).mean())

    def evidence(self) -> Evidence:
        """Name the figures of each seed as claims do, such as "U-Net: mean IoU".

        Returns:
            Mean IoU, boundary IoU, inconsistency, recall of small objects (the mean
            over those below 32² pixels), parameters and latency of every system, the
            latter two in the units of claims.
        """
        seeds = {
            str(seed): {
                f"{system.title}: {name}": value
                for system in SYSTEMS
                if system.key in entries
                for name, value in _figures_of_claims(entries[system.key]).items()
            }
            for seed, entries in self.seeds.items()
        }
        nets = [f"{system.title}: mean IoU" for system in self.systems]
        steps = dict.fromkeys(nets, self.settings.get("steps", 0))
        devices = [e["device"] for system in self.systems for e in self.entries(system)]
        device = ", ".join(dict.fromkeys(devices))
        return Evidence(seeds, self.level, self.data, device, steps)

    @property
    def shown(self) -> tuple[int, ...]:
        """Indices of the validation scenes to show; none of photographs."""
        number = self.settings.get("num_val", 0) if self.data == "scenes" else 0
        return tuple(index for index in _SHOWN if index < number)

    def prediction_file(self, system: System, index: int) -> Path:
        """Name the file of a stored prediction, a palette PNG."""
        return self.folder / system.key / f"val_{index:05d}.png"

    def predictions(self) -> dict[str, list[np.ndarray]]:
        """Read the stored predictions, uint8, (H, W), by title of the system."""
        found = {}
        for system in self.systems:
            files = [self.prediction_file(system, index) for index in self.shown]
            if files and all(file.is_file() for file in files):
                found[system.title] = [np.asarray(Image.open(file)) for file in files]
        return found

    @cached_property
    def scenes(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Images (H, W, 3) and targets (H, W) of the shown scenes, uint8."""
        if not self.shown:
            return [], []
        number, size = self.settings["num_val"], self.settings["image_size"]
        dataset = SceneDataset("val", number, size=size)
        scenes = [dataset.scene(index) for index in self.shown]
        return [scene.image for scene in scenes], [scene.target for scene in scenes]


@checked(
    level=one_of(*RUN_LEVELS),
    data=NAME,
    folder=optional(PATH),
    settings=optional(a("dict")),
)
def load_benchmark(
    level: str,
    data: str,
    *,
    folder: Path | None = None,
    settings: dict[str, Any] | None = None,
) -> Benchmark:
    """Read the stored results of a run level and data set; none is no error.

    Args:
        level: Run level: "ci", "laptop" or "full".
        data: Name of the data: "scenes", "voc" or "camvid".
        folder: Folder of the figures, with ``predictions`` below it; by default
            ``results`` of the course.
        settings: Settings that all trainings must have; by default, those of one.

    Raises:
        ValueError: A file can't be read, or is of trainings with other settings.
    """
    folder = evidence.RESULTS if folder is None else folder
    seeds = {}
    for path in folder.glob(file_of(folder, level, data, "*").name):
        stored = _read(path)
        settings = settings or stored["settings"]
        _check_settings(path, stored["settings"], settings)
        seeds[stored["seed"]] = stored["systems"]
    predictions = folder / "predictions" / f"{data}_{level}"
    return Benchmark(
        level, data, settings or {}, dict(sorted(seeds.items())), predictions
    )


def file_of(folder: Path, level: str, data: str, seed: int | str) -> Path:
    """Name the file of a seed's figures."""
    return folder / f"07_one_wall_{data}_{level}_seed{seed}.json"


def add_entries(
    path: Path, seed: int, settings: dict[str, Any], entries: dict[str, Entry]
) -> None:
    """Add figures to a seed's file, or replace those of the same system.

    Args:
        path: File to write; what it holds of other systems stays.
        seed: Seed of the trainings.
        settings: Settings of the trainings.
        entries: Figures by key of the system; nan is written as null.

    Raises:
        ValueError: The file holds trainings with other settings.
    """
    systems = {}
    if path.is_file():
        stored = _read(path)
        _check_settings(path, stored["settings"], settings)
        systems = stored["systems"]
    # nan becomes None; an infinity would be a KeyError
    systems |= json.loads(json.dumps(entries), parse_constant={"NaN": None}.__getitem__)
    ordered = {s.key: systems[s.key] for s in SYSTEMS if s.key in systems}
    content = {"seed": seed, "settings": settings, "systems": ordered}
    text = json.dumps(content, indent=1, allow_nan=False)
    with write_whole(path) as file:
        file.write(f"{text}\n".encode())


def _check_settings(
    path: Path, found: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Refuse a file of trainings with other settings; name the first that differs."""
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            raise ValueError(
                f"{path} must hold trainings with the same settings, but its {name} is "
                f"{found.get(name)}, not {expected.get(name)}; move the file away to "
                "start over, or set COURSE_RESULTS to another folder"
            )


def _read(path: Path) -> dict[str, Any]:
    """Read a seed's figures: "seed", "settings" and "systems" (key to ``Entry``)."""
    try:
        stored = json.loads(path.read_text())
        if {"seed", "settings", "systems"} <= stored.keys():
            return stored
    except (AttributeError, ValueError):
        pass
    raise ValueError(
        f"{path} must hold figures of the benchmark, and is damaged or something else; "
        "delete it and run: python -m course_utils benchmark"
    )


def _figures_of_claims(entry: Entry) -> dict[str, float]:
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
