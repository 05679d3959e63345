"""Every ``COURSE_*`` variable, the run levels, and what a result was made with.

Only the standard library is imported here: the command line and the first cell on Colab
need these settings before anything else is there.
"""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.arguments import (
    NAME,
    TEXT,
    check_all,
    checked,
    one_of,
    optional,
    whole,
)

COURSE_ROOT = Path(__file__).resolve().parents[1]
"""Folder of the course: the one that holds ``notebooks`` and ``course_utils``."""
PHOTOGRAPHS = ("voc", "camvid")
"""Data sets of photographs that the course can download."""

_COUNTS = ("base_channels", "image_size", "num_train", "num_val", "batch_size")
_RULES = {
    "name": NAME,
    **dict.fromkeys(_COUNTS, whole(1)),
    "steps": whole(0),  # a training has an epoch in any case
    "seed": whole(0),
}


@dataclass(frozen=True)
class RunLevel:
    """The sizes of a run; the notebooks read them instead of writing numbers.

    Attributes:
        name: "ci", "laptop" or "full".
        base_channels: Width of every model's first stage; 64 in the papers.
        image_size: Longer side of the images, pixels, a multiple of 32.
        num_train: Largest number of training pairs.
        num_val: Largest number of validation pairs.
        batch_size: Images per training step.
        steps: Optimizer steps of a short training, whatever the data.
        seed: Seed of the random numbers.
    """

    name: str
    base_channels: int
    image_size: int
    num_train: int
    num_val: int
    batch_size: int
    steps: int
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse sizes that no run can have."""
        check_all(_RULES, vars(self).items())

    @checked(num_batches=whole(1))
    def epochs(self, num_batches: int) -> int:
        """Count the passes over ``num_batches`` that make a short training."""
        return max(1, round(self.steps / num_batches))

    @checked(name=NAME)
    def checkpoint(self, name: str) -> Path | None:
        """Name the file from which an interrupted training of this level resumes.

        At ``ci`` there is none, so that every run trains.
        """
        if self.name == "ci":
            return None
        return checkpoint_folder() / f"{name}_{self.name}_seed{self.seed}.pt"


RUN_LEVELS = {
    level.name: level
    for level in (
        RunLevel("ci", 8, 64, 32, 16, batch_size=8, steps=8),
        RunLevel("laptop", 32, 128, 300, 100, batch_size=12, steps=200),
        RunLevel("full", 64, 256, 800, 200, batch_size=16, steps=600),
    )
}


def variables() -> dict[str, str]:
    """List the ``COURSE_*`` variables that are set; empty ones count as unset."""
    return {k: v for k, v in os.environ.items() if k.startswith("COURSE_") and v}


@checked(name=optional(TEXT))
def run_level(name: str | None = None) -> RunLevel:
    """Choose the level of this run.

    Args:
        name: Name of the level. By default ``COURSE_RUN`` decides, and where that is
            unset, it is ``full`` with a CUDA GPU and ``laptop`` without.

    Returns:
        The level, with the seed that ``COURSE_SEED`` sets (default: 0).

    Raises:
        ValueError: There is no such level, or ``COURSE_SEED`` is not a whole number.
    """
    name = name or variables().get("COURSE_RUN") or _level_of_this_machine()
    if name not in RUN_LEVELS:
        raise ValueError(
            f"the run level must be one of {', '.join(RUN_LEVELS)}, got {name!r}; "
            "set COURSE_RUN to one of them or leave it unset"
        )
    seed = variables().get("COURSE_SEED", "0")
    if not seed.isdecimal():
        raise ValueError(f"COURSE_SEED must be a whole number from 0 up, got {seed!r}")
    return replace(RUN_LEVELS[name], seed=int(seed))


def _level_of_this_machine() -> str:
    import torch

    return "full" if torch.cuda.is_available() else "laptop"


@checked(prefer=one_of(*PHOTOGRAPHS))
def data_choice(prefer: str = "voc") -> str:
    """Choose the data of this run: "scenes", "voc", "camvid" or a folder.

    ``COURSE_DATA`` decides. Where it is unset, it is ``prefer`` if that has been
    downloaded, otherwise "voc" if that has, otherwise "scenes".

    Args:
        prefer: "voc" or "camvid".
    """
    if chosen := variables().get("COURSE_DATA"):
        return chosen
    on_disk = [name for name in (prefer, "voc") if data_folder(name).is_dir()]
    return on_disk[0] if on_disk else "scenes"


@checked(choice=NAME)
def data_folder(choice: str) -> Path:
    """Find the folder of photographs that a choice names; it may not exist."""
    return COURSE_ROOT / "data" / choice if choice in PHOTOGRAPHS else _find(choice)


def weights_choice() -> str:
    """Read ``COURSE_WEIGHTS``: "none", "imagenet", the path of a file, or "" if unset.

    Raises:
        FileNotFoundError: It names a file that does not exist.
    """
    choice = variables().get("COURSE_WEIGHTS", "")
    if choice in ("", "none", "imagenet"):
        return choice
    if not _find(choice).is_file():
        raise FileNotFoundError(
            f"COURSE_WEIGHTS must be none, imagenet or an existing file, got {choice!r}"
        )
    return str(_find(choice))


def _find(text: str) -> Path:
    """Resolve a path that a user has set in the environment.

    A relative path counts from the working directory, and where nothing is there, from
    the folder of the course: a notebook's working directory is its own folder.
    """
    path = Path(text).expanduser()
    return path if path.exists() else COURSE_ROOT / path


def checkpoint_folder() -> Path:
    """Name the folder of checkpoints: ``COURSE_CHECKPOINTS`` or ``checkpoints/``."""
    chosen = variables().get("COURSE_CHECKPOINTS")
    return Path(chosen).expanduser() if chosen else COURSE_ROOT / "checkpoints"


def results_folder() -> Path | None:
    """Name the folder of figures, ``COURSE_RESULTS``; None where it is unset."""
    chosen = variables().get("COURSE_RESULTS")
    return Path(chosen).expanduser() if chosen else None


def provenance() -> dict[str, str]:
    """Name the commit, the device and the versions that figures come from.

    ``COURSE_COMMIT`` names the commit where the course lies without its history.
    """
    import torch

    cuda = torch.cuda.is_available()
    device = torch.cuda.get_device_name() if cuda else platform.machine() + " CPU"
    return {
        "commit": variables().get("COURSE_COMMIT") or _commit() or "unknown",
        "device": device,
        "torch": torch.__version__.split("+")[0],
        "python": ".".join(map(str, sys.version_info[:2])),
    }


def _commit() -> str:
    """Ask git; the answer is empty where there is no git, or no history."""
    command = ["git", "describe", "--always", "--dirty"]
    options = {"cwd": COURSE_ROOT, "capture_output": True, "text": True}
    try:
        return subprocess.run(command, check=False, **options).stdout.strip()
    except FileNotFoundError:
        return ""
