import math

import numpy as np
import pytest

from course_utils.datasets.scenes.dataset import SceneDataset
from course_utils.experiments.claims.claim import Claim
from course_utils.experiments.claims.evidence import Evidence
from course_utils.experiments.claims.rules import at_most, higher
from course_utils.experiments.claims.verdicts import LAZY_MEAN_IOU, judge

CLAIM = Claim(
    "B has finer borders.",
    higher("B: boundary IoU", "A: boundary IoU", by=0.01),
    nets=("A: mean IoU", "B: mean IoU"),
)


def evidence(*seeds, **others):
    names = ("A: boundary IoU", "B: boundary IoU", "A: mean IoU", "B: mean IoU")
    figures = {
        str(k): dict(zip(names, seed, strict=True)) for k, seed in enumerate(seeds)
    }
    return Evidence(figures, "full", "scenes", "a GPU", **others)


@pytest.mark.parametrize(
    ("fine", "word"),
    [
        ((0.5, 0.6), "holds"),
        ((0.2, 0.3), "refuted"),
        ((0.4, 0.405), "no difference"),
        ((0.405, 0.6), "undecided"),
    ],
)
def test_all_seeds_are_judged_together(fine, word):
    verdict = judge(CLAIM, evidence(*((0.4, b, 0.5, 0.6) for b in fine)))
    assert verdict.word == word


def test_a_verdict_says_what_it_stands_on():
    steps = {"A: mean IoU": 600, "B: mean IoU": 200}
    seeds = ((0.4, 0.5, 0.5, 0.6), (0.4, 0.5, 0.7, 0.6))
    verdict = judge(CLAIM, evidence(*seeds, steps=steps))
    for part in (
        "2 seeds",
        "200 or 600 steps",
        "full, scenes, a GPU",
        "60.0 %, 60.0 %",
    ):
        assert part in verdict.basis
    assert str(verdict).startswith("holds: ")


def test_what_is_not_stored_is_said():
    only = ("A: boundary IoU", "B: boundary IoU")
    figures = dict(zip(only, (0.4, 0.5), strict=True))
    verdict = judge(CLAIM, Evidence({"0": figures, "1": figures}, "full", "scenes"))
    assert verdict.word == "holds"
    assert "unknown number of steps" in verdict.basis
    assert "not stored" in verdict.basis


@pytest.mark.parametrize(
    ("score", "word"), [(0.14, "too weak to tell"), (0.15, "holds")]
)
def test_a_net_must_score_three_times_the_lazy_net(score, word):
    # 3 × 0.047 = 0.141
    verdict = judge(CLAIM, evidence((0.4, 0.5, score, 0.6), (0.4, 0.5, score, 0.6)))
    assert verdict.word == word
    assert ("A: mean IoU" in verdict.why) == (word != "holds")


def test_for_data_of_ones_own_there_is_no_lazy_net_to_compare_with():
    given = evidence((0.4, 0.5, 0.02, 0.6), (0.4, 0.5, 0.02, 0.6))
    own = Evidence(given.seeds, "full", "my_streets")
    assert judge(CLAIM, own).word == "holds"


@pytest.mark.parametrize(
    ("later", "word"),
    [(0.52, "holds"), (0.54, "too weak to tell"), (0.46, "too weak to tell")],
)
def test_a_net_must_not_move_any_more(later, word):
    given = evidence((0.4, 0.5, 0.5, 0.6), (0.4, 0.5, 0.5, 0.6))
    for seed in given.seeds.values():
        seed["A, 2N steps: mean IoU"] = later
    assert judge(CLAIM, given).word == word


def test_where_twice_the_steps_decide_otherwise_the_verdict_says_so():
    given = evidence((0.4, 0.5, 0.5, 0.6), (0.4, 0.5, 0.5, 0.6))
    for seed in given.seeds.values():
        seed["A, 2N steps: boundary IoU"] = 0.5
        assert judge(CLAIM, given).word == "holds"  # B is missing: nothing to compare
    for seed in given.seeds.values():
        seed["B, 2N steps: boundary IoU"] = 0.45
    verdict = judge(CLAIM, given)
    assert verdict.word == "holds after these steps"
    assert "refuted" in verdict.why
    for seed in given.seeds.values():
        seed["B, 2N steps: boundary IoU"] = 0.6
    assert judge(CLAIM, given).word == "holds"


def test_figures_in_a_unit_are_the_same_after_twice_the_steps():
    claim = Claim(
        "c",
        higher("A: mean IoU", "B: mean IoU").only(
            "if slow", unless=at_most("A: latency, ms", 2)
        ),
    )
    seed = {"A: mean IoU": 0.6, "B: mean IoU": 0.5, "A: latency, ms": 1.0}
    later = {"A, 2N steps: mean IoU": 0.4, "B, 2N steps: mean IoU": 0.5}
    verdict = judge(claim, Evidence({"0": seed | later}, "full", "scenes"))
    assert verdict.word == "holds after these steps"


def test_one_seed_decides_only_what_needs_no_training():
    assert judge(CLAIM, evidence((0.4, 0.5, 0.5, 0.6))).word == "undecided"
    exact = Claim("c", CLAIM.rule)
    assert judge(exact, evidence((0.4, 0.5, 0.5, 0.6))).word == "holds"


def test_at_the_ceiling_nothing_can_be_tested():
    seeds = [(0.985, 0.98, 0.5, 0.6)] * 2
    assert judge(CLAIM, evidence(*seeds)).word == "can't be tested here"


def test_seeds_without_a_figure_do_not_count():
    given = evidence((0.4, 0.5, 0.5, 0.6), (0.4, 0.5, 0.5, 0.6), (0.5, 0.4, 0.5, 0.6))
    del given.seeds["2"]["B: boundary IoU"]
    verdict = judge(CLAIM, given)
    assert verdict.word == "holds" and "2 seeds" in verdict.basis
    given.seeds["1"]["B: boundary IoU"] = math.nan
    assert judge(CLAIM, given).word == "undecided"
    given.seeds["0"]["B: boundary IoU"] = math.nan
    assert judge(CLAIM, given).word == "not measured"


def test_without_figures_of_a_study_the_verdict_says_how_to_get_them():
    claim = Claim("c", CLAIM.rule, study="skips")
    verdict = judge(claim, Evidence({}, "full", "scenes"))
    assert verdict.word == "nothing stored"
    assert "python -m course_utils study skips --seeds 0 1 2" in verdict.why


def test_without_figures_nothing_is_judged():
    assert judge(CLAIM, Evidence({}, "full", "scenes")).word == "nothing stored"


def test_the_lazy_net_of_the_scenes_is_the_one_that_is_counted_on():
    targets = SceneDataset("val", 40, size=64)
    pixels = np.concatenate([targets.scene(k).target.ravel() for k in range(40)])
    counts = np.bincount(pixels[pixels != 255], minlength=21)
    # it finds its class wherever it is, and has an IoU of 0 for every other class
    lazy = counts.max() / counts.sum() / (counts > 0).sum()
    assert lazy == pytest.approx(LAZY_MEAN_IOU["scenes"], abs=0.004)
