"""Rules: what the figures of several seeds decide about a claim.

A rule looks at all seeds together, and compares figures of the same seed with each
other. It can find that a claim

- **holds**: what it asks for is there in every seed;
- **is refuted**: what it asks for is there in no seed;
- makes **no difference**: in every seed the two are within the margin of each other, or
  the seeds disagree about which of them is ahead;
- **holds only** with a restriction that the rule names;
- is **undecided**: it holds in some seeds, and the others lean the same way;
- **can't be tested here**: what it compares with is so near to the end of the scale
  that nothing could be ahead by twice the margin.

Build rules with ``higher``, ``lower``, ``within``, ``keeps_up``, ``at_least`` and
``at_most``, and combine them with ``every``, ``each``, ``Rule.only`` and
``Rule.given``.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from course_utils.experiments.claims.figures import (
    Figures,
    format_difference,
    is_proportion,
)

HOLDS, REFUTED, UNDECIDED = "holds", "refuted", "undecided"
NO_DIFFERENCE, CANT_TEST = "no difference", "can't be tested here"


@dataclass(frozen=True)
class Finding:
    """What a rule finds.

    Attributes:
        word: Verdict, such as "holds" or "holds only against FCN-32s".
        why: Reason in a few words; may be empty.
    """

    word: str
    why: str = ""


@dataclass(frozen=True)
class Term:
    """A figure, or one number made of several figures of the same seed.

    Attributes:
        names: Names of the figures.
        of: Function of their values; of a single figure, the value itself.
    """

    names: tuple[str, ...]
    of: Callable[..., float] = float

    def value(self, figures: Figures) -> float:
        """Compute the number from the figures of one seed."""
        return self.of(*(figures[name] for name in self.names))


def most(*names: str) -> Term:
    """Take the highest of some figures."""
    return Term(names, max)


def least(*names: str) -> Term:
    """Take the lowest of some figures."""
    return Term(names, min)


class Rule:
    """Judges the figures of all seeds.

    Attributes:
        names: Names of the figures that it needs.
    """

    names: tuple[str, ...]

    def judge(self, seeds: Sequence[Figures]) -> Finding:
        """Judge one or more seeds, each with all figures of ``names`` and none nan."""
        raise NotImplementedError

    def only(self, reason: str, *, unless: "Rule") -> "Rule":
        """Restrict the claim: it holds only ``reason``, unless a second rule holds.

        Args:
            reason: End of the sentence "holds only …".
            unless: Rule that must hold, too, for the claim to hold without restriction.
        """
        return _Restricted(self, unless, reason)

    def given(self, control: "Rule", otherwise: str) -> "Rule":
        """Judge only where a positive control works.

        Args:
            control: Rule that must hold before a claim can be refuted.
            otherwise: Reason to give where it doesn't.
        """
        return _Controlled(self, control, otherwise)


@dataclass(frozen=True)
class _Comparison(Rule):
    """One side must be ahead of the other by more than a margin."""

    subject: Term
    reference: Term
    sign: int  # 1: the subject must be higher; -1: it must be lower
    by: float
    factor: float
    end: float  # the best value that the subject can have

    @property
    def names(self) -> tuple[str, ...]:
        return _unique(self.subject.names + self.reference.names)

    def judge(self, seeds: Sequence[Figures]) -> Finding:
        """Judge by the lead of the subject, seed by seed."""
        against = [self.factor * self.reference.value(seed) for seed in seeds]
        values = [self.subject.value(seed) for seed in seeds]
        differences = [a - b for a, b in zip(values, against, strict=True)]
        leads = [self.sign * difference for difference in differences]
        rooms = [self.sign * (self.end - value) for value in against]
        why = ""
        if self.factor == 1:
            spread = format_difference(self.subject.names[0], differences)
            why = f"difference {spread}"
        return Finding(self._word(leads, rooms), why)

    def _word(self, leads: list[float], rooms: list[float]) -> str:
        if min(leads) > self.by:
            return HOLDS
        if self.by >= 0 and min(rooms) <= 2 * self.by:
            return CANT_TEST
        compares = self.by >= 0 and self.factor == 1
        is_equal = max(map(abs, leads)) <= self.by
        is_split = min(leads) < 0 <= self.by < max(leads)
        if compares and (is_equal or is_split):
            return NO_DIFFERENCE
        return REFUTED if max(leads) <= self.by else UNDECIDED


def higher(
    subject: str | Term, reference: str | Term, *, by: float = 0, factor: float = 1
) -> Rule:
    """Ask that one figure is above ``factor`` times another by more than ``by``.

    Args:
        subject: Figure of which the claim speaks.
        reference: Figure it is compared with.
        by: Margin, in the figures' unit; 0.01 is one point.
        factor: Number by which the reference is multiplied.
    """
    subject, reference = _term(subject), _term(reference)
    end = 1.0 if is_proportion(subject.names[0]) else math.inf
    return _Comparison(subject, reference, 1, by, factor, end)


def lower(
    subject: str | Term,
    reference: str | Term,
    *,
    by: float = 0,
    factor: float = 1,
    floor: float = 0,
) -> Rule:
    """Ask that one figure is below ``factor`` times another by more than ``by``.

    Args:
        subject: Figure of which the claim speaks.
        reference: Figure it is compared with.
        by: Margin, in the figures' unit; 0.01 is one point.
        factor: Number by which the reference is multiplied.
        floor: Lowest value that the figure can have: -1 for a gain.
    """
    return _Comparison(_term(subject), _term(reference), -1, by, factor, floor)


def keeps_up(subject: str | Term, reference: str | Term, *, by: float) -> Rule:
    """Ask that one figure is above another, or below it by less than ``by``."""
    return _Comparison(_term(subject), _term(reference), 1, -by, 1, math.inf)


@dataclass(frozen=True)
class _Condition(Rule):
    """Something must be true of every seed."""

    names: tuple[str, ...]
    holds_for: Callable[[Figures], bool]

    def judge(self, seeds: Sequence[Figures]) -> Finding:
        """Ask every seed."""
        answers = {bool(self.holds_for(seed)) for seed in seeds}
        if len(answers) == 2:
            return Finding(UNDECIDED, "the seeds disagree")
        return Finding(HOLDS if answers.pop() else REFUTED)


def within(first: str, second: str, *, by: float) -> Rule:
    """Ask that two figures differ by less than ``by``."""
    return _Condition(
        (first, second), lambda figures: abs(figures[first] - figures[second]) < by
    )


def at_least(name: str | Term, limit: float) -> Rule:
    """Ask that a figure is at least ``limit``."""
    term = _term(name)
    return _Condition(term.names, lambda figures: term.value(figures) >= limit)


def at_most(name: str | Term, limit: float) -> Rule:
    """Ask that a figure is at most ``limit``."""
    term = _term(name)
    return _Condition(term.names, lambda figures: term.value(figures) <= limit)


@dataclass(frozen=True)
class _Restricted(Rule):
    """A rule, and a second one without which it holds only with a restriction."""

    rule: Rule
    unless: Rule
    reason: str

    @property
    def names(self) -> tuple[str, ...]:
        return _unique(self.rule.names + self.unless.names)

    def judge(self, seeds: Sequence[Figures]) -> Finding:
        """Ask the first rule, and if it holds, the second."""
        first = self.rule.judge(seeds)
        if first.word != HOLDS:
            return first
        second = self.unless.judge(seeds)
        if second.word in (REFUTED, NO_DIFFERENCE):
            return Finding(f"holds only {self.reason}", second.why)
        return first if second.word == HOLDS else second


@dataclass(frozen=True)
class _Controlled(Rule):
    """A rule that decides against a claim only where a control holds."""

    rule: Rule
    control: Rule
    otherwise: str

    @property
    def names(self) -> tuple[str, ...]:
        return _unique(self.rule.names + self.control.names)

    def judge(self, seeds: Sequence[Figures]) -> Finding:
        """Ask the rule, and if it doesn't hold, the control."""
        finding = self.rule.judge(seeds)
        works = self.control.judge(seeds).word == HOLDS
        return (
            finding
            if finding.word == HOLDS or works
            else Finding(CANT_TEST, self.otherwise)
        )


@dataclass(frozen=True)
class _Every(Rule):
    """All parts must hold; one that is refuted refutes the claim."""

    rules: tuple[Rule, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return _unique(sum((rule.names for rule in self.rules), ()))

    def judge(self, seeds: Sequence[Figures]) -> Finding:
        """Return the finding that speaks most against the claim."""
        findings = [rule.judge(seeds) for rule in self.rules]
        order = (REFUTED, NO_DIFFERENCE, CANT_TEST, UNDECIDED)
        worst = [one for word in order for one in findings if one.word == word]
        return worst[0] if worst else findings[0]


def every(*rules: Rule) -> Rule:
    """Ask that all of several rules hold."""
    return _Every(rules)


@dataclass(frozen=True)
class _Each(Rule):
    """Parts with names, of which the claim may hold only for some."""

    parts: Mapping[str, Rule]

    @property
    def names(self) -> tuple[str, ...]:
        return _unique(sum((rule.names for rule in self.parts.values()), ()))

    def judge(self, seeds: Sequence[Figures]) -> Finding:
        """Name the parts that hold."""
        findings = {label: rule.judge(seeds) for label, rule in self.parts.items()}
        good = [label for label, one in findings.items() if one.word == HOLDS]
        why = "; ".join(
            f"{label}, {one.why}" for label, one in findings.items() if one.why
        )
        if len(good) == len(findings):
            return Finding(HOLDS, why)
        if good:
            return Finding(f"holds only {', '.join(good)}", why)
        order = (UNDECIDED, CANT_TEST, REFUTED, NO_DIFFERENCE)
        words = {one.word for one in findings.values()}
        return Finding(next(word for word in order if word in words), why)


def each(parts: Mapping[str, Rule]) -> Rule:
    """Ask several rules; where only some hold, the verdict says which.

    Args:
        parts: Rule by the end of the sentence "holds only …", such as "against
            DeconvNet".
    """
    return _Each(parts)


def _term(name: str | Term) -> Term:
    return name if isinstance(name, Term) else Term((name,))


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
