"""Verdicts: what the stored evidence says of a claim, and what it stands on."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course_utils.arguments import (
    a,
    checked,
)
from course_utils.experiments.claims.claim import Claim
from course_utils.experiments.claims.evidence import Evidence
from course_utils.experiments.claims.figures import (
    Figures,
    after_twice,
    is_proportion,
)
from course_utils.experiments.claims.rules import UNDECIDED, Finding

LAZY_MEAN_IOU = {"scenes": 0.047, "voc": 0.035, "camvid": 0.027}
"""Mean IoU of the lazy net, which calls every pixel by the most frequent class (scenes
and VOC: background; CamVid: road). Measured on the validation targets at ``full``;
unknown for data of one's own, whose nets are not compared with it."""
TOO_WEAK = "too weak to tell"
_LEAST_TIMES = 3
_MOST_RISE = 0.03


@dataclass(frozen=True)
class Verdict:
    """What is decided about a claim.

    Attributes:
        word: Verdict, such as "holds", "refuted" or "too weak to tell".
        why: Reason in a few words; may be empty.
        basis: Seeds, steps, data and mean IoU that it stands on; may be empty.
    """

    word: str
    why: str = ""
    basis: str = ""

    def __str__(self) -> str:
        """Write the verdict and its reason."""
        return f"{self.word}: {self.why}" if self.why else self.word


@checked(claim=a("Claim"), evidence=a("Evidence"))
def judge(claim: Claim, evidence: Evidence) -> Verdict:
    """Judge a claim over all seeds of the evidence together.

    A claim about trained nets is only judged where every net scores three times the
    lazy net or more, where no net that was also trained for twice the steps moves by
    more than 3 points, and where there are at least two seeds.
    """
    names = set(claim.rule.names)
    complete = [seed for seed in evidence.seeds.values() if names <= seed.keys()]
    measured = _measured(complete, names)
    if not complete:
        command = f"python -m course_utils study {claim.study} --seeds 0 1 2"
        return Verdict("nothing stored", f"run {command}" if claim.study else "")
    if not measured:
        return Verdict("not measured")
    weakness = _weakness(claim, evidence)
    if weakness:
        finding = Finding(TOO_WEAK, weakness)
    elif claim.nets and len(measured) == 1:
        finding = Finding(UNDECIDED, "one seed decides nothing about trained nets")
    else:
        finding = _after_twice(claim, measured)
    basis = _basis(claim, evidence, len(measured))
    return Verdict(finding.word, finding.why, basis)


def _measured(seeds: Sequence[Figures], names: Iterable[str]) -> list[Figures]:
    """Leave out the seeds in which one of the figures could not be measured."""
    return [seed for seed in seeds if not any(math.isnan(seed[n]) for n in names)]


def _weakness(claim: Claim, evidence: Evidence) -> str:
    """Say which net is too weak for a verdict; empty if none is known to be."""
    lazy = LAZY_MEAN_IOU.get(evidence.data, math.nan)
    for name in claim.nets:
        score, later = evidence.mean(name), evidence.mean(after_twice(name))
        shown, after = f"{100 * score:.1f} %", f"{100 * later:.1f} %"
        if score < _LEAST_TIMES * lazy:
            return (
                f"{name} is {shown}, under {_LEAST_TIMES} times the {100 * lazy:.1f} % "
                "of a net that always says the most frequent class"
            )
        if abs(later - score) > _MOST_RISE:
            return f"{name} still moves: {shown}, and {after} at twice the steps"
    return ""


def _after_twice(claim: Claim, seeds: Sequence[Figures]) -> Finding:
    """Judge, and where twice the steps decide otherwise, say so."""
    finding = claim.rule.judge(seeds)
    names = claim.rule.names
    twice = _measured([_at_twice(seed, names) for seed in seeds], names)
    later = claim.rule.judge(twice).word if twice else finding.word
    if later == finding.word:
        return finding
    return Finding(f"{finding.word} after these steps", f"after twice as many: {later}")


def _at_twice(seed: Figures, names: Iterable[str]) -> Figures:
    """Take a seed's figures after twice the steps; nan where one isn't stored.

    Figures in a unit, such as parameters and milliseconds, don't depend on the steps.
    """
    same = {name: math.nan if is_proportion(name) else seed[name] for name in names}
    return {name: seed.get(after_twice(name), same[name]) for name in names}


def _basis(claim: Claim, evidence: Evidence, number: int) -> str:
    """Name seeds, steps, data and the mean IoU that a verdict stands on."""
    parts = [f"{number} seed{'s' * (number > 1)}"]
    if claim.nets:
        steps = sorted({evidence.steps.get(name, 0) for name in claim.nets} - {0})
        known = " or ".join(map(str, steps)) or "unknown number of"
        parts.append(f"{known} steps")
    parts.append(evidence.source)
    if claim.nets:
        scores = [evidence.mean(name) for name in claim.nets]
        shown = [
            "not stored" if math.isnan(score) else f"{100 * score:.1f} %"
            for score in scores
        ]
        parts.append(f"mean IoU of the nets: {', '.join(shown)}")
    return "; ".join(parts)
