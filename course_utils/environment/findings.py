"""Findings about the machine, as a report to paste into a question."""

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from course_utils import TAG
from course_utils.arguments import a, checked, each

OK, NOTE, TO_DO = "ok", "note", "to do"
"""States: all is well; something optional is missing; something must be done."""


class Finding(NamedTuple):
    """One line of the report, and the advice below it, if there is any."""

    topic: str
    state: str
    text: str
    advice: str = ""


@checked(findings=each(a("Finding"), least=0))
def report(findings: Sequence[Finding]) -> str:
    """Write the findings as text, a line or two each, and count the open ones."""
    lines = [f"course doctor, edition {TAG}"]
    for finding in findings:
        start = f"{finding.state:5s}  {finding.topic:12s} "
        lines += _wrap(finding.text, start)
        lines += _wrap(finding.advice, " " * len(start) + "-> ")
    to_do = sum(finding.state == TO_DO for finding in findings)
    return "\n".join([*lines, f"{to_do} to do" if to_do else "ready"])


def _wrap(text: str, start: str) -> list[str]:
    indents = {"initial_indent": start, "subsequent_indent": " " * len(start)}
    whole = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.wrap(text, width=88, **indents, **whole)
