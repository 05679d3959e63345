"""Prepare a Colab session for the course.

The first cell of every notebook calls ``set_up`` right after it has fetched the course.
At that time only the standard library is sure to be there.
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
from course_utils.arguments import PATH_OR_TEXT, checked
from course_utils.environment.packages import required_packages
from course_utils.settings import COURSE_ROOT, variables

_DRIVE = Path("/content/drive/MyDrive")
_UNTOUCHED = {"torch", "torchvision", "numpy", "jupyterlab"}
"""Packages that Colab brings; another version of one would break the others."""


@checked(course=PATH_OR_TEXT)
def set_up(course: Path) -> None:
    """Install missing packages, choose the folder of checkpoints, and report both.

    It can be called again. Without a GPU, a second line says what that means.

    Args:
        course: Folder that the first cell has fetched.
    """
    if Path(course).resolve() != COURSE_ROOT:
        print(
            f"another edition of the course ({TAG}) is loaded: choose Runtime > "
            "Restart session and run this cell again"
        )
        return
    installed = _install_missing(required_packages())
    paths = [str(COURSE_ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(filter(None, paths)))
    kept = _keep_checkpoints(_DRIVE)
    print(
        f"course {TAG} is in {COURSE_ROOT.name}; installed: "
        f"{', '.join(installed) or 'nothing was missing'}; checkpoints: {kept}"
    )
    if not importlib.import_module("torch").cuda.is_available():
        print(
            "no GPU in this session: the notebook trains small models, at the level "
            "laptop (for a GPU: Runtime > Change runtime type > T4 GPU)"
        )


def _install_missing(names: Iterable[str]) -> list[str]:
    """Install the packages that are missing, and leave all others as they are.

    Args:
        names: Names of packages; their own requirements are installed, too.

    Returns:
        Names of the packages that were installed.

    Raises:
        RuntimeError: pip could not install one.
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
    if name in _UNTOUCHED:
        return True
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _needs(name: str) -> list[str]:
    """List the packages that an installed package needs in any case."""
    lines = importlib.metadata.requires(name) or []
    return [re.match(r"[\w.-]+", line)[0] for line in lines if ";" not in line]


def _keep_checkpoints(drive: Path) -> str:
    """Put checkpoints on Google Drive if it is mounted; return where they go.

    Colab deletes a machine and its files some time after a disconnect. Drive is not
    mounted here, since that asks the user for permission.
    """
    if "COURSE_CHECKPOINTS" not in variables() and drive.is_dir():
        folder = drive / "segmentation-course" / "checkpoints"
        os.environ["COURSE_CHECKPOINTS"] = str(folder)
    here = "on this machine (mount Drive before this cell to keep them)"
    return variables().get("COURSE_CHECKPOINTS", here)
