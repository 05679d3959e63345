"""The table of a notebook's claims: verdicts, stored figures, one's own figures.

A notebook measures with one seed. ``recording.record`` runs it with several at the run
level ``full`` and stores the figures of each; the verdicts rest on those.
"""

import html
import json
import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from course_utils.arguments import (
    NAME,
    TEXT,
    a,
    checked,
    each,
    optional,
)
from course_utils.experiments.claims.catalog import CLAIMS, REMARKS
from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.evidence import (
    Evidence,
    evidence_of,
    load_evidence,
    show_stored,
    stored_file,
)
from course_utils.experiments.claims.figures import (
    after_twice,
    format_figure,
)
from course_utils.experiments.claims.verdicts import Verdict, judge
from course_utils.settings import RunLevel, provenance, results_folder

LEVEL = "full"
"""Run level whose stored figures the verdicts rest on."""
_WIDTHS = (39, 27, 20, 14)  # of the columns, percent
_TABLE = "table-layout:fixed;width:100%;max-width:100%;margin:0"
_ROW = "background:none"
_CELL = (
    "text-align:left;vertical-align:top;white-space:normal;overflow-wrap:anywhere;"
    "padding:2px 8px"
)
_TOP = ";border-top:1px solid #999;padding-top:8px"  # of the first row of a claim


@dataclass(frozen=True)
class Row:
    """One figure of a claim.

    Attributes:
        name: Name of the figure.
        stored: Mean and spread over the stored seeds.
        own: Value of this run; empty where it was not measured.
    """

    name: str
    stored: str
    own: str


class VerdictTable:
    """The claims of a notebook, with verdicts.

    Verdicts rest on the figures stored at ``full`` for the same data, or for drawn
    scenes where there are none. This run's figures stand beside them. Only where
    nothing is stored does a verdict rest on this run, unless it is of the level ``ci``.

    Args:
        notebook: File name of the notebook, without ``.ipynb``.
        run: Run level of this run.
        data: Name of this run's data.
        stored: Evidence to use in place of the notebook's stored figures.
        elsewhere: Evidence from other data, shown beside it; it decides nothing.

    Raises:
        ValueError: The notebook has no claims.
    """

    @checked(
        notebook=TEXT,
        run=a("RunLevel"),
        data=NAME,
        stored=optional(a("Evidence")),
        elsewhere=each(a("Evidence"), least=0),
    )
    def __init__(
        self,
        notebook: str,
        run: RunLevel,
        data: str,
        *,
        stored: Evidence | None = None,
        elsewhere: Sequence[Evidence] = (),
    ) -> None:
        if notebook not in CLAIMS:
            known = ", ".join(CLAIMS)
            raise ValueError(f"notebook must be one of {known}, got {notebook!r}")
        self.notebook, self.run, self.data = notebook, run, data
        self.claims, self.remarks = CLAIMS[notebook], REMARKS[notebook]
        self.stored = stored or _load_stored(notebook, data)
        self.elsewhere, self._is_recorded = elsewhere, stored is None
        self.own: dict[str, float] = {}
        self.steps: dict[str, int] = {}

    @property
    def names(self) -> set[str]:
        """Names of the figures that a run of the notebook can measure."""
        entries = [e for e in (*self.claims, *self.remarks) if not e.study]
        names = {name for entry in entries for name in entry.figures}
        return names | set(map(after_twice, names))

    def measure(
        self, figures: Mapping[str, float], *, steps: int | None = None
    ) -> None:
        """Hand over figures of this run.

        Args:
            figures: Value by name: a proportion, or a value in the unit the name ends
                with; nan if it could not be measured. A figure after twice the steps
                has the name that ``after_twice`` gives it.
            steps: Optimizer steps of the trainings behind them; the run level's by
                default.

        Raises:
            ValueError: No claim or remark of the notebook has a figure of that name.
        """
        for name in figures:
            if name not in self.names:
                raise ValueError(
                    f"a figure of {self.notebook} must be one that a claim or remark "
                    f"names: {'; '.join(sorted(self.names))}; got {name!r}"
                )
        self.own |= {name: float(value) for name, value in figures.items()}
        self.steps |= dict.fromkeys(figures, steps or self.run.steps)
        self._write()

    def verdict(self, claim: Claim) -> Verdict:
        """Judge one claim."""
        stored = evidence_of(claim, self.stored, LEVEL)
        if stored.seeds or claim.study:
            return judge(claim, stored)
        if self.own and self.run.name == "ci":
            return Verdict("not judged at ci")
        own = {str(self.run.seed): self.own}
        device = provenance()["device"]
        evidence = Evidence(own, self.run.name, self.data, device, self.steps)
        return judge(claim, evidence)

    def _write(self) -> None:
        """Write the figures of this run for ``recording.record`` to collect."""
        folder = results_folder()
        if folder and self._is_recorded:
            numbers = {k: None if math.isnan(v) else v for k, v in self.own.items()}
            nets = {name for claim in self.claims for name in claim.nets}
            steps = {k: n for k, n in self.steps.items() if k in nets}
            file = folder / stored_file(self.notebook, self.run.name, self.data).name
            file.write_text(json.dumps({"figures": numbers, "steps": steps}))

    def rows(self, entry: Claim | Remark) -> list[Row]:
        """List the figures of a claim or remark, those after twice the steps if any."""
        stored, own = evidence_of(entry, self.stored, LEVEL), {}
        if not entry.study:
            own = {k: format_figure(k, v) for k, v in self.own.items()}
        rows = []
        for name in entry.figures:
            later = after_twice(name)
            for one in (name, later) if stored.values(later) else (name,):
                shown = show_stored(one, stored, self.elsewhere)
                rows.append(Row(one, shown, own.get(one, "")))
        return rows

    @property
    def _heads(self) -> tuple[str, str]:
        """Name the columns of the stored figures and of those measured here."""
        source = self.stored.source if self.stored.seeds else "nothing yet"
        return f"stored: {source}", f"your run: {self.run.name}, seed {self.run.seed}"

    def __str__(self) -> str:
        """Write the table as text, at most 88 characters wide."""
        stored, own = self._heads
        heads = f"Figures: {stored}" + f" | {own}" * bool(self.own)
        blocks = [_wrap(heads)]
        for claim in self.claims:
            verdict = self.verdict(claim)
            lines = [_wrap(claim.text), _wrap(f"-> {verdict}", 2)]
            lines += [_wrap(f"({verdict.basis})", 5)] if verdict.basis else []
            blocks.append("\n".join([*lines, *self._lines(claim)]))
        for remark in self.remarks:
            lines = [_wrap(f"Also: {remark.text}"), *self._lines(remark)]
            blocks.append("\n".join(lines))
        return "\n\n".join(blocks)

    __repr__ = __str__

    def _lines(self, entry: Claim | Remark) -> Iterator[str]:
        for row in self.rows(entry):
            own = f" | {row.own}" * bool(row.own)
            yield _wrap(f"{row.name}: {row.stored}{own}", 5)

    def _repr_html_(self) -> str:
        """Write the claims as an HTML table, and the remarks as one that opens.

        JupyterLab centers a table, lets it grow beyond the page, aligns cells to the
        right and stripes rows; every cell here says otherwise, and long words break.
        """
        heads = ("claim and verdict", "figure", *self._heads)
        claims = [(_html(c, self.verdict(c)), self.rows(c)) for c in self.claims]
        parts = [_table(heads, claims)]
        if self.remarks:
            remarks = [(_text(r.text), self.rows(r)) for r in self.remarks]
            table = _table(("also measured", *heads[1:]), remarks)
            summary = "<summary>Also measured, without a verdict</summary>"
            parts.append(f"<details>{summary}{table}</details>")
        return "\n".join(parts)


def _load_stored(notebook: str, data: str) -> Evidence:
    """Read what is stored of a notebook at ``full``, of scenes if not of the data."""
    of_data = load_evidence(notebook, LEVEL, data)
    return of_data if of_data.seeds else load_evidence(notebook, LEVEL, "scenes")


def _wrap(text: str, indent: int = 0) -> str:
    rest = " " * (indent + 3)
    return textwrap.fill(
        text, 88, initial_indent=" " * indent, subsequent_indent=rest if indent else ""
    )


def _html(claim: Claim, verdict: Verdict) -> str:
    """Write a claim, its verdict and what the verdict stands on."""
    why = _text(f": {verdict.why}") if verdict.why else ""
    parts = [_text(claim.text), f"<b>{_text(verdict.word)}</b>{why}"]
    if verdict.basis:
        parts.append(f"<small>{_text(verdict.basis)}</small>")
    return "<br>".join(parts)


def _table(heads: Sequence[str], entries: Sequence[tuple[str, list[Row]]]) -> str:
    """Write an HTML table: a row a figure; an entry's first cell spans its rows."""
    columns = "".join(f'<col style="width:{width}%">' for width in _WIDTHS)
    lines = [f'<table style="{_TABLE}"><colgroup>{columns}</colgroup>']
    lines.append(_row(_cell(_text(head), tag="th") for head in heads))
    for first, rows in entries:
        for number, row in enumerate(rows):
            top = "" if number else _TOP
            cells = [_cell(_text(t), top) for t in (row.name, row.stored, row.own)]
            head = [] if number else [_cell(first, top, span=len(rows))]
            lines.append(_row([*head, *cells]))
    return "\n".join([*lines, "</table>"])


def _row(cells: Iterable[str]) -> str:
    return f'<tr style="{_ROW}">{"".join(cells)}</tr>'


def _cell(content: str, style: str = "", *, tag: str = "td", span: int = 1) -> str:
    return f'<{tag} rowspan="{span}" style="{_CELL}{style}">{content}</{tag}>'


def _text(text: str) -> str:
    return html.escape(text)
