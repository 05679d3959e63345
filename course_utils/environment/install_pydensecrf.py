"""Build pydensecrf: ``python -m course_utils.environment.install_pydensecrf``.

The library has no wheels. Its release asks for an old Cython, which fails from Python
3.13 on; with a newer Cython it builds everywhere, given a C++ compiler. Without one,
``dense_crf`` uses the course's own lattice.
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
"""Arguments of pip, in this order: tools for the build, then the library."""
_NO_COMPILER = re.compile(
    r"error: .*No such file.*\+\+|error: .*\+\+.*No such file|Visual C\+\+ .*required"
)


def install() -> bool:
    """Build and install the library, and print the outcome in one line.

    Returns:
        True if the library is installed. Nothing is raised, since the course runs
        without it.
    """
    if library.is_installed():
        print("pydensecrf: already installed")
        return True
    print("pydensecrf: building, about a minute ...", flush=True)
    # Regenerate the release's C++ files, which an older Cython made for older Pythons
    environment = {**os.environ, "CYTHON_FORCE_REGEN": "1", "PIP_USER": "0"}
    pip = (sys.executable, "-m", "pip", "install", "--no-input")
    for step in STEPS:
        command = (*pip, "--disable-pip-version-check", *step)
        run = subprocess.run(command, env=environment, capture_output=True, text=True)
        if run.returncode:
            problem = _problem(f"{run.stdout}\n{run.stderr}")
            print(f"pydensecrf: not installed ({problem}); the course uses its own CRF")
            return False
    print("pydensecrf: installed")
    return True


def _problem(output: str) -> str:
    """Find the reason in the output of pip."""
    if _NO_COMPILER.search(output):
        return "there is no C++ compiler"
    lines = [line.strip() for line in output.splitlines() if "error" in line.lower()]
    return lines[0][:200] if lines else "pip says nothing of the reason"


if __name__ == "__main__":
    sys.exit(0 if install() else 1)
