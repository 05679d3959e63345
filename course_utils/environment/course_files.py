"""Check the course's own files: notebooks, data, weights and checkpoints.

Modules that need other packages are imported inside the functions, so that the report
can be made where those packages are missing.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from course_utils import TAG, __version__
from course_utils.environment.findings import NOTE, OK, TO_DO, Finding
from course_utils.settings import (
    COURSE_ROOT,
    PHOTOGRAPHS,
    checkpoint_folder,
    data_choice,
    data_folder,
    run_level,
    variables,
    weights_choice,
)

_DOWNLOAD = "python -m course_utils download"


def examine_edition() -> Iterator[Finding]:
    """Compare the editions of the notebooks and of the package."""
    others = {}
    for folder in ("notebooks", "notebooks/exercises"):
        for path in sorted((COURSE_ROOT / folder).glob("[0-9][0-9]_*.ipynb")):
            if (tag := _tag_of(path)) not in (TAG, None):
                others[f"{folder}/{path.name}"] = tag
    for path, tag in others.items():
        text = f"{path} is of edition {tag}, the package of {TAG}"
        advice = "download the course again; a copy you have worked in is kept"
        yield Finding("edition", TO_DO, text, advice)
    around = (Path.cwd(), *Path.cwd().parents)
    courses = [p for p in around if (p / "course_utils" / "__init__.py").is_file()]
    here = courses[0] if courses else COURSE_ROOT
    if here != COURSE_ROOT:
        text = "this folder belongs to another copy of the course than the package"
        advice = f"in {_short(here)}: python -m pip install -e ."
        yield Finding("edition", TO_DO, text, advice)
    elif not others:
        yield Finding("edition", OK, f"{TAG} (package {__version__} and all notebooks)")


def _tag_of(notebook: Path) -> str | None:
    """Read the edition from a notebook's cell for Colab; None if it has none."""
    match = re.search(r'"    tag = \\"(.+?)\\"', notebook.read_text(encoding="utf-8"))
    return match and match[1]


def _short(path: Path) -> str:
    """Shorten a path so that a report does not show the name of the account."""
    for base, name in ((COURSE_ROOT, ""), (Path.home(), "~/")):
        if path.is_relative_to(base) and path != base:
            return name + path.relative_to(base).as_posix()
    return path.as_posix()


def examine_data() -> Iterator[Finding]:
    """Compare downloaded photographs with what the download recorded."""
    from course_utils.datasets.download import inspect_folder

    for name in PHOTOGRAPHS:
        folder = data_folder(name)
        topic, command = f"data/{name}", f"{_DOWNLOAD} {name}"
        state = inspect_folder(folder) if folder.is_dir() else None
        if folder.with_name(f".{name}.partial").is_dir() and state is None:
            yield Finding(topic, NOTE, "unfinished download", f"resume it: {command}")
        elif state is not None and state.missing + state.damaged:
            text = f"{len(state.missing)} files missing, {len(state.damaged)} damaged"
            yield Finding(topic, TO_DO, text, f"repair it: {command}")
        elif state is not None:
            text = f"{state.num_pairs} pairs; checksums of all files are right"
            yield Finding(topic, OK, text)
        elif folder.is_dir():
            yield Finding(topic, NOTE, "not downloaded by the course, so not checked")
        else:
            yield Finding(topic, NOTE, "not downloaded: notebooks use scenes", command)


def examine_choices() -> Iterator[Finding]:
    """Check that the COURSE_* variables name things that exist."""
    is_good = True
    for check in (run_level, _require_data, weights_choice):
        try:
            check()
        except (ValueError, FileNotFoundError) as error:
            is_good = False
            yield Finding("choices", TO_DO, str(error), "change or unset the variable")
    if is_good:
        names = ", ".join(sorted(variables())) or "none"
        text = f"run level {run_level().name}; variables set: {names}"
        yield Finding("choices", OK, text)


def _require_data() -> None:
    choice = data_choice()
    if choice not in ("scenes", *PHOTOGRAPHS) and not data_folder(choice).is_dir():
        raise FileNotFoundError(
            "COURSE_DATA must be scenes, voc, camvid or an existing folder, got "
            f"{choice!r}"
        )


def examine_weights() -> Iterator[Finding]:
    """Compare VGG16's weights in torch's cache with their checksum."""
    from course_utils.models.vgg16 import imagenet_file, require_imagenet

    path = imagenet_file()
    if not path.is_file():
        text = "VGG16's are not in torch's cache: trainings start from random weights"
        advice = "optional; COURSE_WEIGHTS=imagenet downloads them, 528 MB"
        yield Finding("weights", NOTE, text, advice)
        return
    try:
        require_imagenet()
        text = "VGG16's are in torch's cache, checksum right"
        yield Finding("weights", OK, text)
    except ValueError:
        text = "VGG16's in torch's cache are damaged"
        yield Finding("weights", TO_DO, text, f"delete {_short(path)}")
    except (OSError, MemoryError) as error:
        yield _unreadable("weights", path, error)


def _unreadable(topic: str, path: Path, error: Exception) -> Finding:
    """Say that a file can't be read, which says nothing of what it holds."""
    text = f"{_short(path)} can't be read ({error}), so it was not checked"
    advice = "see to its permissions and its drive; it may well be good"
    return Finding(topic, TO_DO, text, advice)


def examine_checkpoints() -> Iterator[Finding]:
    """Check that saved trainings can be read."""
    folder = checkpoint_folder()
    saved, unfinished = sorted(folder.glob("*.pt")), list(folder.glob("*.tmp"))
    problems = [problem for path in saved if (problem := _examine_checkpoint(path))]
    yield from problems
    if unfinished:
        text = f"{len(unfinished)} unfinished files in {_short(folder)}"
        advice = "delete *.tmp if no training is running"
        yield Finding("checkpoints", NOTE, text, advice)
    if not problems:
        size = sum(path.stat().st_size for path in saved) / 1e9
        where = f", {size:.1f} GB, in {_short(folder)}" if saved else ""
        yield Finding("checkpoints", OK, f"{len(saved)} saved trainings{where}")


def _examine_checkpoint(path: Path) -> Finding | None:
    from course_utils.files import is_read_error, require_checksums

    try:
        if require_checksums(path):
            return None
    except Exception as error:  # zipfile raises many kinds
        if is_read_error(error):
            return _unreadable("checkpoints", path, error)
    text, advice = f"{path.name} is damaged", "delete it and train again"
    return Finding("checkpoints", TO_DO, text, advice)
