"""What the doctor found, as lines that one can paste into a question."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from course_utils import TAG

OK, NOTE, TO_DO = "ok", "note", "to do"
"""All is well; something optional is not there; something must be done."""


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        topic: what was looked at, one or two words.
        state: ``OK``, ``NOTE`` or ``TO_DO``.
        text: what was found.
        advice: what to do; empty if nothing.
    """

    topic: str
    state: str
    text: str
    advice: str = ""


def report(findings: Sequence[Finding]) -> str:
    """Write the findings as text, a line or two each, and count what is to do."""
    lines = [f"course doctor, edition {TAG}"]
    for finding in findings:
        start = f"{finding.state:5s}  {finding.topic:12s} "
        lines += _wrap(finding.text, start)
        lines += _wrap(finding.advice, " " * len(start) + "-> ")
    to_do = sum(finding.state == TO_DO for finding in findings)
    lines.append(f"{to_do} to do" if to_do else "ready")
    return "\n".join(lines)


def _wrap(text: str, start: str) -> list[str]:
    """Break a text into lines of one column."""
    return textwrap.wrap(
        text,
        width=88,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )
