"""What is stored of a study: the figures of each seed, in one JSON file."""

import json
import math
from pathlib import Path
from typing import Any

from course_utils.files import write_whole
from course_utils.settings import provenance


class StudyFile:
    """The figures of one study, by seed and name; they are written one by one.

    Args:
        path: JSON file; it need not exist yet.
        settings: Settings that all trainings of the study share.
    """

    def __init__(self, path: Path, settings: dict[str, Any]) -> None:
        self.path, self.settings = path, settings
        self._read()  # other settings are refused before anything is trained

    def figures(self, seed: int) -> dict[str, float]:
        """Read the figures of a seed: a proportion, or a value in the unit named."""
        stored = self._read()["seeds"].get(str(seed), {})
        return {k: math.nan if v is None else v for k, v in stored.items()}

    def all_figures(self) -> list[dict[str, float]]:
        """Read the figures of all seeds."""
        return [self.figures(int(seed)) for seed in self._read()["seeds"]]

    def add(self, seed: int, figures: dict[str, float]) -> None:
        """Write figures of a seed beside those that are there.

        Raises:
            ValueError: The file holds trainings with other settings.
        """
        content = self._read()  # other processes may have added other seeds
        values = {k: None if math.isnan(v) else v for k, v in figures.items()}
        content["seeds"].setdefault(str(seed), {}).update(values)
        content["made_with"][str(seed)] = provenance()
        for part in ("seeds", "made_with"):
            content[part] = dict(sorted(content[part].items()))
        with write_whole(self.path) as file:
            text = json.dumps(content, indent=1, allow_nan=False)
            file.write(f"{text}\n".encode())

    def _read(self) -> dict[str, Any]:
        if not self.path.is_file():
            return {"settings": self.settings, "seeds": {}, "made_with": {}}
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            found = content["settings"]
        except (KeyError, TypeError, ValueError):
            raise ValueError(
                f"{self.path} must hold figures of a study, and is damaged or "
                "something else; delete it and run the study again"
            ) from None
        for name in sorted(found.keys() | self.settings.keys()):
            if found.get(name) != self.settings.get(name):
                raise ValueError(
                    f"{self.path} must hold trainings with the same settings, but its "
                    f"{name} is {found.get(name)}, not {self.settings.get(name)}; move "
                    "the file away to start over, or set COURSE_RESULTS to another "
                    "folder"
                )
        return content
