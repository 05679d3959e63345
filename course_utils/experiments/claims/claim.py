"""A claim and a remark, as data."""

from dataclasses import dataclass

from course_utils.arguments import (
    NAME,
    TEXT,
    check_all,
    each,
)
from course_utils.arguments import Rule as ArgumentRule
from course_utils.experiments.claims.rules import Rule

_CLAIM = {
    "text": NAME,
    "rule": ArgumentRule(
        "a rule of claims.rules", lambda value: hasattr(value, "names")
    ),
    "nets": each(TEXT, least=0),
    "beside": each(TEXT, least=0),
    "study": TEXT,
}


@dataclass(frozen=True)
class Claim:
    """A sentence that measured figures can bear out or contradict.

    Attributes:
        text: Claim in one sentence, with its margin.
        rule: Rule that judges it; it names the figures it needs and holds the margin.
        nets: Names of the mean IoUs of the trained nets that the claim stands on. Where
            one of them is too weak, the claim isn't judged.
        beside: Names of more figures that are shown and not judged.
        study: Name of the study whose stored figures decide; the notebook's own by
            default.
    """

    text: str
    rule: Rule
    nets: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    study: str = ""

    def __post_init__(self) -> None:
        """Refuse what it can't be."""
        check_all(_CLAIM, vars(self).items())

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of all figures, those that are judged first."""
        return tuple(dict.fromkeys((*self.rule.names, *self.beside, *self.nets)))


_REMARK = {"text": NAME, "figures": each(NAME), "study": TEXT}


@dataclass(frozen=True)
class Remark:
    """Figures that are worth a look, without a verdict.

    Attributes:
        text: What the figures are.
        figures: Their names.
        study: Name of the study that stored them; the notebook by default.
    """

    text: str
    figures: tuple[str, ...]
    study: str = ""

    def __post_init__(self) -> None:
        """Refuse what it can't be."""
        check_all(_REMARK, vars(self).items())
