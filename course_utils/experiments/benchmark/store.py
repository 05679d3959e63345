"""The files that the wall's figures are kept in, one for each seed."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_utils.experiments.benchmark.systems import SYSTEMS
from course_utils.files import write_whole

NAME = "07_one_wall"
Entry = dict[str, Any]
"""What is stored of a system and a seed, see ``measure``; nan is null in the file."""


def file_of(folder: Path, level: str, data: str, seed: int | str) -> Path:
    """Name the file of a seed's figures."""
    return folder / f"{NAME}_{data}_{level}_seed{seed}.json"


def read_figures(path: Path) -> dict[str, Any]:
    """Read a seed's figures: "seed", "settings" and "systems" (key to ``Entry``).

    Raises:
        ValueError: the file is damaged, or something else.
    """
    try:
        saved = json.loads(path.read_text())
        complete = {"seed", "settings", "systems"} <= saved.keys()
    except (AttributeError, ValueError) as error:
        raise ValueError(
            f"{path} must hold a wall's figures, and can't be read ({error}); delete "
            "it, and run the command wall"
        ) from error
    if not complete:
        raise ValueError(f"{path} must hold a wall's figures, and holds something else")
    return _each(saved, lambda v: math.nan if v is None else v)


def add_entries(path: Path, head: dict[str, Any], entries: dict[str, Entry]) -> None:
    """Add systems to a file of figures, or replace them; whole or not at all.

    Args:
        path: the file; what it holds of other systems stays.
        head: "seed" and "settings".
        entries: by key of the system.

    Raises:
        ValueError: the file is of trainings with other settings.
    """
    systems = {}
    if path.is_file():
        saved = read_figures(path)
        check_settings(path, saved["settings"], head["settings"])
        systems = saved["systems"]
    systems = systems | entries
    ordered = {s.key: systems[s.key] for s in SYSTEMS if s.key in systems}
    content = _each({**head, "systems": ordered}, lambda v: None if v != v else v)
    with write_whole(path) as file:
        text = json.dumps(content, indent=1, allow_nan=False)
        file.write(f"{text}\n".encode())


def check_settings(path: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Refuse a file of trainings with other settings.

    Raises:
        ValueError: it names the first setting that differs.
    """
    for name in sorted(found.keys() | wanted.keys()):
        if found.get(name) != wanted.get(name):
            raise ValueError(
                f"{path} must be of this protocol, but its {name} is "
                f"{found.get(name)}, not {wanted.get(name)}; move the file away to "
                "begin anew, or let COURSE_RESULTS name another folder"
            )


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """Change every value that is no list and no dict."""
    if isinstance(value, dict):
        return {name: _each(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [_each(part, change) for part in value]
    return change(value)
