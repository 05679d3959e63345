"""Python and the packages: which versions, and do they work together."""

import importlib
import platform
import re
import sys
from collections.abc import Iterator
from importlib import metadata

from course_utils.environment.doctor.findings import NOTE, OK, TO_DO, Finding
from course_utils.settings import COURSE_ROOT

_LOADERS = {
    "torch": lambda: importlib.import_module("torch"),
    "torchvision": lambda: importlib.import_module("torchvision"),
}
OLDEST_PYTHON, NEWEST_PYTHON = (3, 10), (3, 13)  # with which the course is tested


def examine_python() -> Iterator[Finding]:
    """Look at the version of Python."""
    version = sys.version_info[:2]
    text = f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    if version < OLDEST_PYTHON:
        advice = "make a new environment with Python 3.10 or later"
        yield Finding("Python", TO_DO, text, advice)
    elif version > NEWEST_PYTHON:
        yield Finding("Python", NOTE, f"{text}; newer than what is tested")
    else:
        yield Finding("Python", OK, text)


def required_packages() -> dict[str, str]:
    """Read each package that the course needs, and its oldest version."""
    text = (COURSE_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"(?ms)^dependencies = \[\n(.*?)^\]", text)[1]
    return dict(re.findall(r'"([\w.-]+)>=([\d.]+)"', block))


def numbers(version: str) -> tuple[int, ...]:
    """Make a version comparable: "2.11.0+cu130" is (2, 11, 0)."""
    return tuple(int(n) for n in re.findall(r"\d+", version.partition("+")[0])[:3])


def examine_packages() -> Iterator[Finding]:
    """Look at each package, then whether torch and torchvision fit each other."""
    found, wrong = [], False
    for name, oldest in required_packages().items():
        if name == "jupyterlab" and "google.colab" in sys.modules:
            continue  # Colab has a front end of its own
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong = True
            advice = f'python -m pip install "{name}>={oldest}"'
            yield Finding("packages", TO_DO, f"{name} is not installed", advice)
            continue
        found.append(f"{name} {version}")
        if numbers(version) < numbers(oldest):
            finding = _too_old(name, version, oldest)
            wrong = wrong or finding.state == TO_DO
            yield finding
    for name, load in _LOADERS.items():
        try:
            load()
        except Exception as error:
            wrong = True
            text = f"{name} can't be imported ({type(error).__name__}: {error})"
            advice = "python -m pip install --upgrade torch torchvision, together"
            yield Finding("packages", TO_DO, text, advice)
    if not wrong:
        yield Finding("packages", OK, ", ".join(found))


def _too_old(name: str, version: str, oldest: str) -> Finding:
    text = f"{name} {version} is older than {oldest}"
    if "google.colab" in sys.modules:  # its own, and it may be made to fit
        return Finding("packages", NOTE, text)
    advice = f'python -m pip install --upgrade "{name}>={oldest}"'
    return Finding("packages", TO_DO, text, advice)


def examine_pydensecrf() -> Iterator[Finding]:
    """Look for the fast dense CRF, which is optional."""
    try:
        importlib.import_module("pydensecrf.densecrf")
    except Exception as error:
        missing = isinstance(error, ModuleNotFoundError)
        text = "not installed" if missing else f"can't be imported ({error})"
        text += ": the course's own CRF takes its place"
        advice = (
            "optional, needs a C++ compiler: "
            "python -m course_utils.environment.install_pydensecrf"
        )
        yield Finding("pydensecrf", NOTE, text, advice)
    else:
        yield Finding("pydensecrf", OK, "installed")
