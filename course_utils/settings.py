"""What a run may cost: ``ci``, ``laptop`` or ``full``."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import torch

COURSE_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class RunLevel:
    """The sizes of a run; the notebooks read them instead of writing numbers.

    Attributes:
        name: "ci", "laptop" or "full".
        base_channels: width of the first stage of every model; the papers' is 64.
        image_size: longer side of the images, pixels, a multiple of 32.
        num_train: how many training pairs at most.
        num_val: how many validation pairs at most.
        batch_size: images per training step.
        steps: optimizer steps of a brief training, whatever the data.
        seed: where the random numbers start.
    """

    name: str
    base_channels: int
    image_size: int
    num_train: int
    num_val: int
    batch_size: int
    steps: int
    seed: int = 0

    def epochs(self, num_batches: int) -> int:
        """Count the passes over ``num_batches`` that make a brief training."""
        return max(1, round(self.steps / num_batches))

    def checkpoint(self, name: str) -> Path | None:
        """Name the file in which a training of this level survives an interruption.

        ``COURSE_CHECKPOINTS`` chooses the folder; by default it is ``checkpoints/`` of
        the course. At ``ci`` there is none, so that every run trains.
        """
        if self.name == "ci":
            return None
        chosen = os.environ.get("COURSE_CHECKPOINTS") or COURSE_ROOT / "checkpoints"
        folder = Path(chosen).expanduser()
        return folder / f"{name}_{self.name}_seed{self.seed}.pt"


RUN_LEVELS = {
    level.name: level
    for level in (
        RunLevel("ci", 8, 64, 32, 16, batch_size=8, steps=8),
        RunLevel("laptop", 16, 128, 300, 100, batch_size=12, steps=200),
        RunLevel("full", 64, 256, 800, 200, batch_size=16, steps=600),
    )
}


def run_level(name: str | None = None) -> RunLevel:
    """Choose the level of this run.

    Args:
        name: a level; by default ``COURSE_RUN``, and where that is unset, ``full`` with
            a CUDA GPU and ``laptop`` without. ``COURSE_SEED`` sets the seed.

    Raises:
        ValueError: there is no such level, or ``COURSE_SEED`` is no whole number.
    """
    default = "full" if torch.cuda.is_available() else "laptop"
    name = name or os.environ.get("COURSE_RUN") or default
    if name not in RUN_LEVELS:
        raise ValueError(
            f"the run level must be one of {', '.join(RUN_LEVELS)}, got {name!r}; "
            "set COURSE_RUN to one of them or leave it unset"
        )
    seed = os.environ.get("COURSE_SEED") or "0"
    if not seed.isdecimal():
        raise ValueError(f"COURSE_SEED must be a whole number from 0 up, got {seed!r}")
    sizes = vars(RUN_LEVELS[name])
    return RunLevel(**{**sizes, "seed": int(seed)})


def find_path(text: str) -> Path:
    """Resolve a path that a user has set in the environment.

    A relative path counts from the working directory, and where nothing is there, from
    the folder of the course: a notebook's working directory is its own folder.
    """
    path = Path(text).expanduser()
    return path if path.exists() else COURSE_ROOT / path


def provenance() -> dict[str, str]:
    """Name the commit, the device and the versions that figures come from.

    ``COURSE_COMMIT`` names the commit where the course lies without its history.
    """
    cuda = torch.cuda.is_available()
    device = torch.cuda.get_device_name() if cuda else platform.machine() + " CPU"
    return {
        "commit": os.environ.get("COURSE_COMMIT") or _commit() or "unknown",
        "device": device,
        "torch": torch.__version__.split("+")[0],
        "python": ".".join(map(str, sys.version_info[:2])),
    }


def _commit() -> str:
    """Ask git; it says nothing where there is no git, or no history."""
    command = ["git", "describe", "--always", "--dirty"]
    options = {"cwd": COURSE_ROOT, "capture_output": True, "text": True}
    try:
        return subprocess.run(command, check=False, **options).stdout.strip()
    except FileNotFoundError:
        return ""
