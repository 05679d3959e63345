"""Build pydensecrf: ``python -m course_utils.environment.install_pydensecrf``.

The library has no wheels, and its release builds by itself only where an old Cython
runs, below Python 3.13. With a newer Cython it builds everywhere, if there is a C++
compiler. Without one nothing is lost: ``dense_crf`` has its own lattice.
"""

import os
import re
import subprocess
import sys

from course_utils.crf import library

STEPS = (
    ("Cython>=3.0.12", "setuptools", "wheel", "numpy"),
    ("--no-build-isolation", "pydensecrf2==1.1"),
)
"""What pip installs, in this order: what the build needs, then the library."""
NO_COMPILER = re.compile(
    r"error: .*No such file.*\+\+|error: .*\+\+.*No such file|Visual C\+\+ .*required"
)
PATIENCE = 1800
"""Seconds for one step."""


def install() -> bool:
    """Build and install the library; say in one line how that went.

    Returns whether it is there. Nothing is raised: the course runs without it.
    """
    if library.is_installed():
        print("pydensecrf: is installed already")
        return True
    print("pydensecrf: being built, about a minute ...", flush=True)
    for step in STEPS:
        problem = _pip_install(step)
        if problem is not None:
            print(f"pydensecrf: not installed ({problem}); the lattice takes its place")
            return False
    print("pydensecrf: installed")
    return True


def _pip_install(arguments: tuple[str, ...]) -> str | None:
    """Run pip; return the last words of what went wrong, None if nothing did."""
    options = ("--disable-pip-version-check", "--no-input")
    command = (sys.executable, "-m", "pip", "install", *options, *arguments)
    # The release brings C++ that an older Cython made, for older Pythons
    environment = {**os.environ, "CYTHON_FORCE_REGEN": "1", "PIP_USER": "0"}
    try:
        run = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if run.returncode == 0:
        return None
    output = f"{run.stdout}\n{run.stderr}"
    if NO_COMPILER.search(output):
        return "there is no C++ compiler"
    lines = [line.strip() for line in output.splitlines() if "error" in line.lower()]
    return lines[0][:200] if lines else f"pip ended with {run.returncode}"


if __name__ == "__main__":
    sys.exit(0 if install() else 1)
