"""Evidence: the figures stored for a notebook, and what they were made with."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.arguments import (
    NAME,
    TEXT,
    a,
    check_all,
    checked,
    each,
    named,
    whole,
)
from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.figures import Figures, format_spread
from course_utils.settings import COURSE_ROOT

RESULTS = COURSE_ROOT / "results"
"""Folder of the stored figures."""


_EVIDENCE = {
    "seeds": named(a("dict"), least=0),
    "level": TEXT,
    "data": TEXT,
    "device": TEXT,
    "steps": named(whole(0), least=0),
    "made_with": a("dict"),
}


@dataclass(frozen=True)
class Evidence:
    """Figures of one or more seeds, all made with the same settings.

    Attributes:
        seeds: Figures by seed.
        level: Name of the run level.
        data: Name of the data.
        device: Name of the GPU, or of the processor.
        steps: Optimizer steps of the trainings, by the name of a net's mean IoU; a net
            that isn't named has no stored number.
        made_with: Commit, device and versions, by name.
    """

    seeds: Mapping[str, Figures]
    level: str
    data: str
    device: str = "an unknown device"
    steps: Mapping[str, int] = field(default_factory=dict)
    made_with: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what it can't be."""
        check_all(_EVIDENCE, vars(self).items())

    @property
    def source(self) -> str:
        """Name run level, data and device."""
        return f"{self.level}, {self.data}, {self.device}"

    def values(self, name: str) -> list[float]:
        """List the values of a figure over the seeds that have it."""
        return [seed[name] for seed in self.seeds.values() if name in seed]

    def mean(self, name: str) -> float:
        """Average a figure over the seeds; nan where nothing was measured."""
        known = [value for value in self.values(name) if not math.isnan(value)]
        return sum(known) / len(known) if known else math.nan


@checked(notebook=NAME, level=TEXT, data=NAME)
def load_evidence(notebook: str, level: str, data: str) -> Evidence:
    """Read the figures that ``record`` stored for a notebook; none is no error."""
    path = stored_file(notebook, level, data)
    stored = json.loads(path.read_text()) if path.is_file() else {}
    seeds = _numbers(stored.pop("seeds", {}))
    steps = stored.pop("steps", {})
    device = stored.get("device", "an unknown device")
    return Evidence(seeds, level, data, device, steps, stored)


def load_study(name: str, level: str) -> Evidence:
    """Read what is stored of a study; nothing is no error."""
    path = study_file(name, level)
    if not path.is_file():
        return Evidence({}, level, "scenes")
    stored = json.loads(path.read_text())
    devices = dict.fromkeys(made["device"] for made in stored["made_with"].values())
    settings, seeds = stored["settings"], _numbers(stored["seeds"])
    names = dict.fromkeys(name for figures in seeds.values() for name in figures)
    # "FCN-8s, 2N steps: mean IoU"; a net without a duration was trained for 2N
    found = {name: re.search(r", (\d*)N steps", name) for name in names}
    steps = {
        name: settings["steps"] * int((match[1] or 1) if match else 2)
        for name, match in found.items()
    }
    return Evidence(seeds, level, settings["data"], ", ".join(devices), steps)


@checked(entry=a("Claim", "Remark"), stored=a("Evidence"), level=TEXT)
def evidence_of(entry: Claim | Remark, stored: Evidence, level: str) -> Evidence:
    """Choose what decides about a claim or remark of a notebook.

    Args:
        entry: Claim or remark.
        stored: Evidence of the notebook itself.
        level: Run level of the study, where one decides.
    """
    return load_study(entry.study, level) if entry.study else stored


@checked(name=TEXT, evidence=a("Evidence"), elsewhere=each(a("Evidence"), least=0))
def show_stored(name: str, evidence: Evidence, elsewhere: Sequence[Evidence]) -> str:
    """Write a stored figure, and the same of other data.

    Args:
        name: Name of the figure.
        evidence: Evidence that decides.
        elsewhere: Evidence from other data, which decides nothing.
    """
    values = {other.data: other.values(name) for other in elsewhere}
    values.pop(evidence.data, None)
    parts = [f"{data}: {format_spread(name, v)}" for data, v in values.items() if v]
    if evidence.values(name) or not parts:
        parts.insert(0, format_spread(name, evidence.values(name)))
    return "; ".join(parts)


def study_file(name: str, level: str, folder: Path | None = None) -> Path:
    """Name the file of a study's figures, in a folder or in that of the course."""
    return (folder or RESULTS) / "studies" / f"{name}_{level}.json"


def stored_file(notebook: str, level: str, data: str) -> Path:
    """Name the file in which the figures of a notebook are stored."""
    return RESULTS / f"{notebook}_{data}_{level}.json"


def _numbers(seeds: dict[str, dict[str, float | None]]) -> dict[str, Figures]:
    """Read null, which stands for what could not be measured, as nan."""
    return {
        seed: {k: math.nan if v is None else v for k, v in figures.items()}
        for seed, figures in seeds.items()
    }
