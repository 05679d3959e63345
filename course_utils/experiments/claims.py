"""The claims of a notebook: what was measured, over which seeds, and the verdict.

A notebook measures with one seed. ``recording.record`` runs it with several and stores
the figures of each in ``results``; the notebook shows them beside its own.
"""

import html
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course_utils.settings import COURSE_ROOT, RunLevel, results_folder

RESULTS = COURSE_ROOT / "results"
NOT_JUDGED = "not judged at ci"
UNITS = {
    ", px": "{:.0f} px",
    ", times": "{:.2f} times",
    ", cycles/px": "{:.3f} cycles/px",
    ", count": "{:.0f}",
    ", ms": "{:.1f} ms",
    ", M": "{:.1f} M",
}
"""How a figure is printed whose name ends so; all others are proportions."""


@dataclass(frozen=True)
class Claim:
    """A claim, the figures that test it, and the rule that judges them.

    Attributes:
        text: what is claimed, in one sentence.
        figures: name and value of each figure: a proportion, or in the unit with which
            the name ends, one of ``UNITS``: "field, px"; nan where it could not be
            measured.
        rule: makes of the figures of one seed "holds", "holds only if …" or "refuted".
    """

    text: str
    figures: dict[str, float]
    rule: Callable[[dict[str, float]], str]


def holds(condition: bool) -> str:
    """Name the verdict on a claim that either holds or does not."""
    return "holds" if condition else "refuted"


class VerdictTable:
    """Claims beside their figures, live and stored, and the verdict on each.

    The verdict is that of the stored seeds where the record has this run level and
    data, else that of this run alone, and then says so. Seeds that disagree leave a
    claim undecided.

    Args:
        notebook: its file name without ``.ipynb``.
        run: the run level of this run.
        data: name of the data.
        claims: in the order of the table.
        stored: figures by seed, by name, to judge instead of the record. The values of
            the claims themselves are then not looked at: nothing was measured here.
    """

    def __init__(
        self,
        notebook: str,
        run: RunLevel,
        data: str,
        claims: Sequence[Claim],
        *,
        stored: Mapping[str, dict[str, float]] | None = None,
    ) -> None:
        self.run, self.claims, self.is_live = run, claims, stored is None
        if stored is None:
            stored = load_record(notebook, run.name, data).get("seeds", {})
        self.stored = {
            seed: {k: math.nan if v is None else v for k, v in figures.items()}
            for seed, figures in stored.items()
        }
        self.file_name = file_name(notebook, run.name, data)
        if self.is_live:
            self._store()

    def _store(self) -> None:
        """Write this run's figures where ``recording.record`` wants them."""
        if folder := results_folder():
            figures = {k: v for claim in self.claims for k, v in claim.figures.items()}
            numbers = {k: None if math.isnan(v) else v for k, v in figures.items()}
            (folder / self.file_name).write_text(json.dumps(numbers))

    def verdict(self, claim: Claim) -> str:
        """Judge one claim."""
        seeds = [
            figures
            for figures in self.stored.values()
            if claim.figures.keys() <= figures.keys()
        ]
        if not (seeds or self.is_live):
            return "nothing stored"
        if self.run.name == "ci":
            return NOT_JUDGED
        verdicts = [_judge(claim, figures) for figures in seeds or [claim.figures]]
        number = f"{len(seeds)} seed" + "s" * (len(seeds) > 1)
        words = number if seeds else "this run alone"
        if len(set(verdicts)) == 1:
            return f"{verdicts[0]} ({words})"
        counts = {v: verdicts.count(v) for v in dict.fromkeys(verdicts)}
        split = ", ".join(f"{verdict}: {n}" for verdict, n in counts.items())
        return f"undecided ({words}; {split})"

    def _rows(self) -> list[tuple[str, ...]]:
        rows = []
        for claim in self.claims:
            here = "\n".join(f"{k}: {_show(k, v)}" for k, v in claim.figures.items())
            spread = "\n".join(self._spread(name) for name in claim.figures)
            named = "\n".join(f"{name}: {self._spread(name)}" for name in claim.figures)
            figures = (here, spread) if self.is_live else (named,)
            rows.append((claim.text, *figures, self.verdict(claim)))
        return rows

    def _spread(self, name: str) -> str:
        values = [seed[name] for seed in self.stored.values() if name in seed]
        if not values:
            return "nothing stored"
        mean = sum(values) / len(values)
        low, high = _show(name, min(values)), _show(name, max(values))
        return low if low == high else f"{_show(name, mean)} ({low} to {high})"

    def __str__(self) -> str:
        """List the claims as text."""
        return "\n\n".join(
            "\n  ".join(
                [text, *"\nstored: ".join(figures).splitlines(), f"-> {verdict}"]
            )
            for text, *figures, verdict in self._rows()
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        here = [f"measured here, seed {self.run.seed}"] * self.is_live
        head = ("claim", *here, "stored", "verdict")
        lines = ["<table><tr>" + "".join(f"<th>{h}</th>" for h in head) + "</tr>"]
        for row in self._rows():
            cells = (html.escape(cell).replace("\n", "<br>") for cell in row)
            style = "text-align:left;vertical-align:top"
            tds = "".join(f'<td style="{style}">{cell}</td>' for cell in cells)
            lines.append(f"<tr>{tds}</tr>")
        return "\n".join([*lines, "</table>"])


def load_record(notebook: str, level: str, data: str) -> dict[str, Any]:
    """Read what ``record`` stored; empty where nothing is stored.

    Returns:
        "seeds" (seed to name and value of each figure), "commit", "device", "torch".
    """
    path = RESULTS / file_name(notebook, level, data)
    return json.loads(path.read_text()) if path.is_file() else {}


def file_name(notebook: str, level: str, data: str) -> str:
    """Name the file of a notebook's figures."""
    return f"{notebook}_{data}_{level}.json"


def _judge(claim: Claim, figures: dict[str, float]) -> str:
    """Apply a claim's rule; what could not be measured can't be judged."""
    own = {name: figures[name] for name in claim.figures}
    if any(map(math.isnan, own.values())):
        return "not measured"
    return claim.rule(own)


def _show(name: str, value: float) -> str:
    """Print a figure in its unit, a proportion in percent."""
    if math.isnan(value):
        return "not measured"
    for ending, form in UNITS.items():
        if name.endswith(ending):
            return form.format(value)
    return f"{100 * value:.1f} %"
