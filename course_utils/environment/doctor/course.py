"""The course's own files: notebooks, data, weights and checkpoints.

The course's modules are imported inside the functions, so that the doctor comes even
where the packages that they need are missing.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from course_utils import TAG, __version__
from course_utils.environment.doctor.findings import NOTE, OK, TO_DO, Finding
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

DOWNLOAD = "python -m course_utils download"


def examine_edition() -> Iterator[Finding]:
    """Look whether the notebooks and the package are of one edition."""
    others = {}
    for folder in ("notebooks", "notebooks/exercises"):
        for path in sorted((COURSE_ROOT / folder).glob("[0-9][0-9]_*.ipynb")):
            if (tag := notebook_tag(path)) not in (TAG, None):
                others[f"{folder}/{path.name}"] = tag
    for path, tag in others.items():
        text = f"{path} is of {tag}, the package of {TAG}"
        advice = "fetch the course anew; your own work in the copy stays as it is"
        yield Finding("edition", TO_DO, text, advice)
    here = _course_around(Path.cwd())
    if here not in (None, COURSE_ROOT):
        text = "the notebook lies in one copy of the course, the package in another"
        advice = f"in {_short(here)}: python -m pip install -e ."
        yield Finding("edition", TO_DO, text, advice)
    elif not others:
        yield Finding("edition", OK, f"{TAG}, package {__version__}, notebooks alike")


def notebook_tag(path: Path) -> str | None:
    """Read the edition off a notebook's cell for Colab; None where there is none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(c["source"]) for c in cells if c.get("id") == "colab-setup"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    lines = [line.strip() for source in sources for line in source.splitlines()]
    tags = [line for line in lines if line.startswith("tag = ")]
    return tags[0].split('"')[1] if tags else None


def _course_around(folder: Path) -> Path | None:
    """Find the copy of the course that a folder lies in."""
    for parent in (folder, *folder.parents):
        if (parent / "course_utils" / "__init__.py").is_file():
            return parent
    return None


def _short(path: Path) -> str:
    """Write a path as a reader may paste it: without the account's name."""
    for base, name in ((COURSE_ROOT, ""), (Path.home(), "~/")):
        if path.is_relative_to(base) and path != base:
            return name + path.relative_to(base).as_posix()
    return path.as_posix()


def examine_data() -> Iterator[Finding]:
    """Look whether photographs are there, and whole."""
    from course_utils.datasets.download import inspect_folder

    for name in PHOTOGRAPHS:
        folder = data_folder(name)
        topic, command = f"data/{name}", f"{DOWNLOAD} {name}"
        state = inspect_folder(folder) if folder.is_dir() else None
        if folder.with_name(f".{name}.partial").is_dir() and state is None:
            yield Finding(topic, NOTE, "an unfinished download", f"go on: {command}")
        elif state is not None and state.missing + state.damaged:
            text = f"{len(state.missing)} files missing, {len(state.damaged)} damaged"
            yield Finding(topic, TO_DO, text, f"mend it: {command}")
        elif state is not None:
            md5 = " and the archive's checksum" * (state.archive_md5 == "compared")
            text = f"{state.num_pairs} pairs; every file{md5} compared"
            yield Finding(topic, OK, text)
        elif folder.is_dir():
            yield Finding(topic, NOTE, "your own folder; it was not compared")
        else:
            yield Finding(topic, NOTE, "not there: scenes are drawn", command)
    yield from _examine_choices()


def _examine_choices() -> Iterator[Finding]:
    """Look whether the environment names things that exist."""
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
    """Look whether VGG16's weights from ImageNet are in torch's cache, and whole."""
    import torch

    from course_utils.models.vgg16 import IMAGENET

    path = Path(torch.hub.get_dir(), "checkpoints", Path(IMAGENET.url).name)
    if not path.is_file():
        text = "VGG16's are not in torch's cache: trainings start from random numbers"
        advice = "optional; COURSE_WEIGHTS=imagenet fetches them, 528 MB"
        yield Finding("weights", NOTE, text, advice)
        return
    wanted = path.stem.rpartition("-")[2]
    with path.open("rb") as file:
        found = _sha256(file)
    if found.startswith(wanted):
        yield Finding("weights", OK, "VGG16's are in torch's cache, and whole")
    else:
        text = "VGG16's in torch's cache are damaged"
        yield Finding("weights", TO_DO, text, f"delete {_short(path)}")


def _sha256(file: object) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def examine_checkpoints() -> Iterator[Finding]:
    """Look whether saved trainings can be read."""
    folder = checkpoint_folder()
    saved = sorted(folder.glob("*.pt")) if folder.is_dir() else []
    unfinished = sorted(folder.glob("*.tmp")) if folder.is_dir() else []
    damaged = [path for path in saved if not _is_whole(path)]
    for path in damaged:
        text, advice = f"{path.name} is damaged", "delete it, and train anew"
        yield Finding("checkpoints", TO_DO, text, advice)
    if unfinished:
        text = f"{len(unfinished)} unfinished files in {_short(folder)}"
        yield Finding("checkpoints", NOTE, text, "delete *.tmp if no training runs")
    if not damaged:
        size = sum(path.stat().st_size for path in saved) / 1e9
        where = f", {size:.1f} GB, in {_short(folder)}" if saved else ""
        yield Finding("checkpoints", OK, f"{len(saved)} saved trainings{where}")


def _is_whole(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as file:
            return file.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False
