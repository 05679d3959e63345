"""Check Python and the packages: their versions, and whether they work together."""

import importlib
import platform
import re
import sys
from collections.abc import Iterator
from importlib import metadata

from course_utils.environment.findings import NOTE, OK, TO_DO, Finding
from course_utils.settings import COURSE_ROOT

_OLDEST_PYTHON, _NEWEST_PYTHON = (3, 10), (3, 13)
"""Versions between which the course is tested."""


def examine_python() -> Iterator[Finding]:
    """Check the version of Python."""
    version = sys.version_info[:2]
    text = f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    if version < _OLDEST_PYTHON:
        advice = "make a new environment with Python 3.10 or later"
        yield Finding("Python", TO_DO, text, advice)
    elif version > _NEWEST_PYTHON:
        yield Finding("Python", NOTE, f"{text}; newer than the tested versions")
    else:
        yield Finding("Python", OK, text)


def required_packages() -> dict[str, str]:
    """Read the packages that the course needs, each with its oldest version."""
    text = (COURSE_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"(?ms)^dependencies = \[\n(.*?)^\]", text)[1]
    return dict(re.findall(r'"([\w.-]+)>=([\d.]+)"', block))


def numbers(version: str) -> tuple[int, ...]:
    """Split a version into numbers to compare: "2.11.0+cu130" is (2, 11, 0)."""
    return tuple(int(n) for n in re.findall(r"\d+", version.partition("+")[0])[:3])


def examine_packages() -> Iterator[Finding]:
    """Check the version of each package."""
    on_colab = "google.colab" in sys.modules
    found, faults = [], []
    for name, oldest in required_packages().items():
        if name == "jupyterlab" and on_colab:
            continue  # Colab has its own front end
        install = f'python -m pip install --upgrade "{name}>={oldest}"'
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            faults.append((f"{name} is not installed", install))
            continue
        found.append(f"{name} {version}")
        if numbers(version) < numbers(oldest):
            text = f"{name} {version} is older than {oldest}"
            if on_colab:  # it tests its own versions together
                yield Finding("packages", NOTE, text)
            else:
                faults.append((text, install))
    for text, advice in faults:
        yield Finding("packages", TO_DO, text, advice)
    if not faults:
        yield Finding("packages", OK, ", ".join(found))


def examine_torch() -> Iterator[Finding]:
    """Check that torch and torchvision can be imported."""
    for name in ("torch", "torchvision"):
        try:
            importlib.import_module(name)
        except Exception as error:
            text = f"{name} can't be imported ({type(error).__name__}: {error})"
            advice = "together: python -m pip install --upgrade torch torchvision"
            yield Finding("packages", TO_DO, text, advice)


def examine_pydensecrf() -> Iterator[Finding]:
    """Look for pydensecrf, the fast dense CRF, which is optional."""
    try:
        importlib.import_module("pydensecrf.densecrf")
    except Exception as error:
        text = f"the course uses its own CRF instead ({error})"
        advice = "optional, needs a C++ compiler: "
        advice += "python -m course_utils.environment.install_pydensecrf"
        yield Finding("pydensecrf", NOTE, text, advice)
    else:
        yield Finding("pydensecrf", OK, "installed")
