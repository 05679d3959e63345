"""Every claim of the course can come out both ways, on figures made up for it."""

import json
import random

import pytest

from course_utils.experiments.claims.catalog import CLAIMS, REMARKS
from course_utils.experiments.claims.claim import Claim
from course_utils.experiments.claims.evidence import RESULTS, Evidence
from course_utils.experiments.claims.figures import after_twice, is_proportion
from course_utils.experiments.claims.rules import at_least, higher, least
from course_utils.experiments.claims.verdicts import judge
from course_utils.settings import COURSE_ROOT

OF_A_NET = (0.3, 0.6, 0.9)  # of a trained net, above three times the lazy one
PROPORTIONS = (0.0, 0.1, 0.3, 0.6, 0.9)
IN_A_UNIT = (0.1, 1.0, 4.0, 100.0, 1000.0)
ALL = [(name, claim) for name, claims in CLAIMS.items() for claim in claims]


def verdicts_on_made_up_figures(claim, tries=20_000):
    """Judge figures drawn from corners of their range, the same for three seeds.

    Returns:
        Every verdict that came up, until "holds" and "refuted" both have.
    """
    draws, words = random.Random(0), set()
    corners = {
        name: OF_A_NET
        if name in claim.nets
        else PROPORTIONS
        if is_proportion(name)
        else IN_A_UNIT
        for name in claim.figures
    }
    for _ in range(tries):
        seed = {name: draws.choice(values) for name, values in corners.items()}
        evidence = Evidence(dict.fromkeys("012", seed), "full", "scenes")
        words.add(judge(claim, evidence).word)
        if {"holds", "refuted"} <= words:
            break
    return words


@pytest.mark.parametrize(("notebook", "claim"), ALL, ids=lambda value: str(value)[:60])
def test_a_claim_can_hold_and_can_be_refuted(notebook, claim):
    assert {"holds", "refuted"} <= verdicts_on_made_up_figures(claim)


@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        (higher("a", "b", by=1.1), "holds"),
        (higher("a", least("a", "b")), "refuted"),  # equal at worst: no difference
        (at_least("a", 0), "refuted"),
    ],
)
def test_the_search_finds_claims_that_can_not(rule, missing):
    assert missing not in verdicts_on_made_up_figures(Claim("c", rule), tries=2000)


def test_every_notebook_has_claims_under_its_own_name():
    notebooks = (COURSE_ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")
    assert sorted(CLAIMS) == sorted(path.stem for path in notebooks)
    assert CLAIMS.keys() == REMARKS.keys()


@pytest.mark.parametrize("notebook", CLAIMS)
def test_what_is_stored_has_a_claim_or_a_remark(notebook):
    entries = [e for e in (*CLAIMS[notebook], *REMARKS[notebook]) if not e.study]
    known = {name for entry in entries for name in entry.figures}
    for path in RESULTS.glob(f"{notebook}_scenes_full.json"):
        for figures in json.loads(path.read_text())["seeds"].values():
            assert figures.keys() <= known | set(map(after_twice, known))


@pytest.mark.parametrize(("notebook", "claim"), ALL, ids=lambda value: str(value)[:60])
def test_nets_stand_for_proportions(notebook, claim):
    assert all(map(is_proportion, claim.nets))
