import dataclasses
import json
import math

import pytest

from course_utils.experiments import claims
from course_utils.experiments.claims import Claim, VerdictTable, holds, load_figures
from course_utils.settings import RUN_LEVELS

LAPTOP = RUN_LEVELS["laptop"]


def compare(figures):
    return "holds" if figures["fine"] > figures["coarse"] else "refuted"


CLAIM = Claim("finer is better", {"coarse": 0.4, "fine": 0.6}, compare)


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """The folder of the stored results, empty."""
    monkeypatch.setattr(claims, "RESULTS", tmp_path / "results")
    for name in ("COURSE_RESULTS", "COURSE_SEED", "COURSE_CHECKPOINTS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "results"


def store(folder, seeds, name="01_fcn_voc_laptop.json"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps({"seeds": seeds}))


def table(*claims, run=LAPTOP):
    return VerdictTable("01_fcn", run, "voc", claims or [CLAIM])


def test_without_stored_seeds_the_verdict_is_of_this_run_alone():
    assert table().verdict(CLAIM) == "holds (this run alone)"
    worse = dataclasses.replace(CLAIM, figures={"coarse": 0.7, "fine": 0.6})
    assert table().verdict(worse) == "refuted (this run alone)"


def test_stored_seeds_that_agree_decide_whatever_this_run_says(folder):
    store(folder, {str(k): {"coarse": 0.5, "fine": 0.4 - k / 10} for k in range(3)})
    assert table().verdict(CLAIM) == "refuted (3 seeds)"


def test_stored_seeds_that_disagree_leave_a_claim_undecided(folder):
    better, worse = {"coarse": 0.4, "fine": 0.5}, {"coarse": 0.5, "fine": 0.4}
    store(folder, {"0": better, "1": worse, "2": better})
    expected = "undecided (3 seeds; holds: 2, refuted: 1)"
    assert table().verdict(CLAIM) == expected


def test_seeds_that_lack_a_figure_do_not_count(folder):
    store(folder, {"0": {"coarse": 0.9}, "1": {"coarse": 0.4, "fine": 0.5, "more": 1}})
    assert table().verdict(CLAIM).startswith("holds (1 seed")
    store(folder, {"0": {"coarse": 0.9}})
    assert table().verdict(CLAIM) == "holds (this run alone)"


def test_a_rule_is_given_the_figures_of_its_own_claim(folder):
    store(folder, {"0": {"of another claim": 0.1, "a": 0.9}})
    least = Claim("a is large", {"a": 0.9}, lambda f: holds(min(f.values()) > 0.5))
    most = Claim("a is small", {"a": 0.9}, lambda f: holds(max(f.values()) < 0.5))
    assert table(least, most).verdict(least) == "holds (1 seed)"
    assert table(least, most).verdict(most) == "refuted (1 seed)"


@pytest.mark.parametrize(
    "name",
    ["01_fcn_voc_full.json", "01_fcn_scenes_laptop.json", "02_x_voc_laptop.json"],
)
def test_figures_of_another_run_do_not_count(folder, name):
    store(folder, {"0": {"coarse": 0.9, "fine": 0.1}}, name)
    assert table().verdict(CLAIM) == "holds (this run alone)"


def test_at_ci_nothing_is_judged(folder):
    store(folder, {"0": {"coarse": 0.9, "fine": 0.1}}, "01_fcn_voc_ci.json")
    assert table(run=RUN_LEVELS["ci"]).verdict(CLAIM) == "not judged at ci"


def test_the_table_shows_figures_spread_and_verdict(folder):
    store(
        folder, {"0": {"coarse": 0.4, "fine": 0.5}, "1": {"coarse": 0.2, "fine": 0.9}}
    )
    text = str(table())
    assert text == repr(table())
    assert "finer is better" in text
    assert "coarse: 40.0 %" in text
    assert "30.0 % (20.0 % to 40.0 %)" in text  # mean, lowest, highest of coarse
    assert "70.0 % (50.0 % to 90.0 %)" in text
    assert "-> holds (2 seeds)" in text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("side, px", 404.2, "404 px"),
        ("gain", -0.25, "-25.0 %"),
        ("px", 0.5, "50.0 %"),
        ("slower, times", 2.346, "2.35 times"),
        ("skips, count", 4.0, "4"),
        ("latency, ms", 1.26, "1.3 ms"),
        ("parameters, M", 29.46, "29.5 M"),
        ("frequency, cycles/px", 0.1234, "0.123 cycles/px"),
    ],
)
def test_figures_are_in_the_unit_their_name_ends_with(name, value, text):
    shown = str(table(Claim("wide", {name: value}, lambda figures: "holds")))
    assert f"{name}: {text}\n" in shown
    assert shown.count("nothing stored") == 1


def test_html_is_escaped():
    claim = Claim(
        "a < b & <script>", {"<i>": 0.5}, lambda figures: "holds only if x > y"
    )
    page = table(claim)._repr_html_()
    assert "a &lt; b &amp; &lt;script&gt;" in page
    assert "&lt;i&gt;: 50.0 %" in page
    assert "holds only if x &gt; y" in page
    assert "<script>" not in page
    assert "measured here, seed 0" in page
    assert page.count("<tr>") == page.count("</tr>") == 2


def test_figures_are_written_where_a_recording_wants_them(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_RESULTS", str(tmp_path))
    table(CLAIM, Claim("two", {"px": 3.0}, lambda figures: "holds"))
    written = json.loads((tmp_path / "01_fcn_voc_laptop.json").read_text())
    assert written == {"coarse": 0.4, "fine": 0.6, "px": 3.0}


def test_without_stored_figures_nothing_is_loaded():
    assert load_figures("01_fcn", "laptop", "voc") == {}


def test_what_could_not_be_measured_is_not_judged_and_stored_as_null(
    monkeypatch, tmp_path, folder
):
    monkeypatch.setenv("COURSE_RESULTS", str(tmp_path))
    claim = Claim("c", {"coarse": math.nan, "fine": 0.5}, compare)
    shown = table(claim)
    assert shown.verdict(claim) == "not measured (this run alone)"
    assert "coarse: not measured" in str(shown)
    text = (tmp_path / "01_fcn_voc_laptop.json").read_text()
    assert text == '{"coarse": null, "fine": 0.5}'
    store(folder, {"0": json.loads(text)})
    stored = table(CLAIM)
    assert math.isnan(stored.stored["0"]["coarse"])
    assert stored.verdict(CLAIM) == "not measured (1 seed)"


def shown_from(seeds, run=LAPTOP):
    claim = dataclasses.replace(CLAIM, figures=dict.fromkeys(CLAIM.figures, math.nan))
    return claim, VerdictTable("07", run, "voc", [claim], stored=seeds)


def test_figures_from_elsewhere_are_judged_whatever_the_claim_holds(folder):
    store(folder, {"0": {"coarse": 0.9, "fine": 0.1}}, name="07_voc_laptop.json")
    claim, shown = shown_from({"0": {"coarse": 0.4, "fine": 0.5}})
    assert shown.verdict(claim) == "holds (1 seed)"
    assert "coarse: 40.0 %\n" in str(shown)  # one seed has no range
    assert "measured here" not in shown._repr_html_()
    assert shown._repr_html_().count("<td") == 3


def test_of_figures_from_elsewhere_nothing_is_stored_again(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_RESULTS", str(tmp_path))
    shown_from({})
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.parametrize(
    ("level", "seeds", "expected"),
    [
        ("ci", {}, "nothing stored"),
        ("laptop", {}, "nothing stored"),
        ("ci", {"0": {"coarse": 0.4, "fine": 0.5}}, "not judged at ci"),
    ],
)
def test_without_figures_from_elsewhere_or_at_ci_nothing_is_judged(
    level, seeds, expected
):
    claim, shown = shown_from(seeds, RUN_LEVELS[level])
    assert shown.verdict(claim) == expected
