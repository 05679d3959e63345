"""Make a Colab session ready for the course.

Called by the first cell of every notebook, which has fetched this package just before.
So nothing is imported here, at first, that Python does not bring along.
"""

import importlib
import importlib.metadata
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from course_utils import TAG
from course_utils.settings import COURSE_ROOT, variables

DRIVE = Path("/content/drive/MyDrive")
UNTOUCHED = {"torch", "torchvision", "numpy", "jupyterlab"}
"""Colab has its own, and another version of one breaks the others."""


def set_up(course: Path) -> None:
    """Install what is missing, choose where checkpoints go, and say so in one line.

    May be called again. Without a GPU, a second line tells what that means.

    Args:
        course: the folder that the cell has fetched.
    """
    if Path(course).resolve() != COURSE_ROOT:
        print(
            f"another edition of the course ({TAG}) is loaded: choose Runtime > "
            "Restart session, and run this cell again"
        )
        return
    installed = install_missing(required_names(COURSE_ROOT / "pyproject.toml"))
    paths = [str(COURSE_ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(filter(None, paths)))
    kept = keep_checkpoints(DRIVE)
    print(
        f"course {TAG} is in {COURSE_ROOT.name}; installed: "
        f"{', '.join(installed) or 'nothing, all is there'}; checkpoints: {kept}"
    )
    if not importlib.import_module("torch").cuda.is_available():
        print(
            "no GPU in this session: the notebook runs at the level laptop, small and "
            "slow (for a GPU: Runtime > Change runtime type > T4 GPU)"
        )


def required_names(pyproject: Path) -> list[str]:
    """Read the names of the packages that the course needs."""
    block = re.search(
        r"(?ms)^dependencies = \[\n(.*?)^\]", pyproject.read_text(encoding="utf-8")
    )
    return re.findall(r'"([\w.-]+)', block[1])


def install_missing(names: Iterable[str]) -> list[str]:
    """Install packages that are not there, without touching any that is.

    Args:
        names: of packages; what they need in turn is looked after, too.

    Returns:
        The names that were installed.

    Raises:
        RuntimeError: pip could not get one.
    """
    installed: list[str] = []
    waiting = [name for name in names if not _is_there(name)]
    while waiting:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        run = subprocess.run([*pip, *waiting], capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(f"pip can't install {waiting}: {run.stderr.strip()}")
        importlib.invalidate_caches()
        installed += waiting
        needed = {name for done in waiting for name in _needs(done)}
        waiting = sorted(name for name in needed if not _is_there(name))
    return installed


def _is_there(name: str) -> bool:
    if name in UNTOUCHED:
        return True
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _needs(name: str) -> list[str]:
    """Names that a package needs in any case, read off its metadata."""
    lines = importlib.metadata.requires(name) or []
    return [re.match(r"[\w.-]+", line)[0] for line in lines if ";" not in line]


def keep_checkpoints(drive: Path) -> str:
    """Put checkpoints on Google Drive where that is mounted; tell where they go.

    A Colab machine and its files are taken away some time after a disconnect. Drive
    is never mounted from here, since that asks for permission.
    """
    if "COURSE_CHECKPOINTS" not in variables() and drive.is_dir():
        folder = drive / "segmentation-course" / "checkpoints"
        os.environ["COURSE_CHECKPOINTS"] = str(folder)
    here = "on this machine (mount Drive before this cell to keep them)"
    return variables().get("COURSE_CHECKPOINTS", here)
