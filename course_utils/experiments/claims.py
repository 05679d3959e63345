"""Claims of a notebook: the figures that test them, and the verdict.

A notebook measures with one seed. ``recording.record`` runs it with several and stores
the figures of each in ``results``; the notebook shows them beside its own.
"""

import html
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course_utils.arguments import (
    FLAG,
    FUNCTION,
    NAME,
    a,
    check_all,
    checked,
    each,
    named,
    number,
    optional,
)
from course_utils.settings import COURSE_ROOT, RunLevel, results_folder

RESULTS = COURSE_ROOT / "results"
_UNITS = {
    ", px": "{:.0f} px",
    ", times": "{:.2f} times",
    ", cycles/px": "{:.3f} cycles/px",
    ", count": "{:.0f}",
    ", ms": "{:.1f} ms",
    ", M": "{:.1f} M",
}
"""Format of a figure by the end of its name; all others are proportions."""
_CLAIM = {
    "text": NAME,
    "figures": named(number(finite=False)),
    "rule": FUNCTION,
}


@dataclass(frozen=True)
class Claim:
    """A claim, the figures that test it, and the rule that judges them.

    Attributes:
        text: Claim in one sentence.
        figures: Name and value of each figure: a proportion, or a value in the unit the
            name ends with, such as "field, px" (see ``_UNITS``); nan if it could not be
            measured.
        rule: Function that takes the figures of one seed and returns "holds",
            "holds only if …" or "refuted".
    """

    text: str
    figures: dict[str, float]
    rule: Callable[[dict[str, float]], str]

    def __post_init__(self) -> None:
        """Refuse what is no claim."""
        check_all(_CLAIM, vars(self).items())


@checked(condition=FLAG)
def holds(condition: bool) -> str:
    """Return the verdict on a claim that either holds or does not."""
    return "holds" if condition else "refuted"


class VerdictTable:
    """Claims with their figures, from this run and stored, and the verdict on each.

    A verdict rests on the stored seeds if there are any of this run level and data, and
    otherwise on this run alone, and then says so. If the seeds disagree, the claim is
    undecided.

    Args:
        notebook: File name of the notebook, without ``.ipynb``.
        run: Run level of this run.
        data: Name of the data.
        claims: Claims, in the order of the table.
        stored: Figures by seed and name, to use in place of the notebook's stored ones.
            The values of the claims themselves are then ignored: nothing was measured
            in this run.
    """

    @checked(
        notebook=NAME,
        run=a("RunLevel"),
        data=NAME,
        claims=each(a("Claim")),
        stored=optional(named(named(optional(number(finite=False)), least=0), least=0)),
    )
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
            stored = load_figures(notebook, run.name, data).get("seeds", {})
        self.stored = {
            seed: {k: math.nan if v is None else v for k, v in figures.items()}
            for seed, figures in stored.items()
        }
        if self.is_live:
            self._store(_file_name(notebook, run.name, data))

    def _store(self, file_name: str) -> None:
        """Write the figures of this run for ``recording.record`` to collect."""
        if folder := results_folder():
            figures = {k: v for claim in self.claims for k, v in claim.figures.items()}
            numbers = {k: None if math.isnan(v) else v for k, v in figures.items()}
            (folder / file_name).write_text(json.dumps(numbers))

    @checked(claim=a("Claim"))
    def verdict(self, claim: Claim) -> str:
        """Judge one claim, and say on how many seeds the verdict rests."""
        seeds = [
            figures
            for figures in self.stored.values()
            if claim.figures.keys() <= figures.keys()
        ]
        if not (seeds or self.is_live):
            return "nothing stored"
        if self.run.name == "ci":
            return "not judged at ci"
        counts = Counter(_judge(claim, figures) for figures in seeds or [claim.figures])
        number = f"{len(seeds)} seed" + "s" * (len(seeds) > 1)
        words = number if seeds else "this run alone"
        if len(counts) == 1:
            return f"{next(iter(counts))} ({words})"
        split = ", ".join(f"{verdict}: {n}" for verdict, n in counts.items())
        return f"undecided ({words}; {split})"

    def _rows(self) -> list[tuple[str, ...]]:
        rows = []
        for claim in self.claims:
            stored = {name: self._stored_figure(name) for name in claim.figures}
            if self.is_live:
                live = [
                    f"{k}: {_format_figure(k, v)}" for k, v in claim.figures.items()
                ]
                columns = [live, stored.values()]
            else:
                columns = [[f"{k}: {figure}" for k, figure in stored.items()]]
            cells = map("\n".join, columns)
            rows.append((claim.text, *cells, self.verdict(claim)))
        return rows

    def _stored_figure(self, name: str) -> str:
        values = [seed[name] for seed in self.stored.values() if name in seed]
        return format_spread(name, values) if values else "nothing stored"

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


def load_figures(notebook: str, level: str, data: str) -> dict[str, Any]:
    """Read the figures that ``record`` stored; empty if there are none.

    Returns:
        "seeds" (seed to name and value of each figure), "commit", "device", "torch".
    """
    path = RESULTS / _file_name(notebook, level, data)
    return json.loads(path.read_text()) if path.is_file() else {}


def _file_name(notebook: str, level: str, data: str) -> str:
    return f"{notebook}_{data}_{level}.json"


def _judge(claim: Claim, figures: dict[str, float]) -> str:
    """Apply a claim's rule, unless one of its figures could not be measured."""
    own = {name: figures[name] for name in claim.figures}
    if any(map(math.isnan, own.values())):
        return "not measured"
    return claim.rule(own)


def format_spread(name: str, values: Sequence[float]) -> str:
    """Write the mean of a figure over seeds, with its lowest and highest value."""
    mean = sum(values) / len(values)
    low, high = (_format_figure(name, value) for value in (min(values), max(values)))
    return low if low == high else f"{_format_figure(name, mean)} ({low} to {high})"


def _format_figure(name: str, value: float) -> str:
    """Write a figure in its unit, a proportion in percent."""
    if math.isnan(value):
        return "not measured"
    for ending, form in _UNITS.items():
        if name.endswith(ending):
            return form.format(value)
    return f"{100 * value:.1f} %"
