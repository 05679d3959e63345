import json
import math

import pytest

from course_utils.experiments.claims import evidence
from course_utils.experiments.claims.claim import Remark
from course_utils.experiments.claims.evidence import (
    Evidence,
    evidence_of,
    load_evidence,
    load_study,
    show_stored,
)


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(evidence, "RESULTS", tmp_path)
    return tmp_path


def test_without_a_file_there_is_no_evidence():
    assert load_evidence("01_fcn", "full", "voc").seeds == {}


def test_a_file_is_read_whole(folder):
    content = {
        "commit": "abc",
        "device": "a GPU",
        "steps": {"a": 600},
        "seeds": {"0": {"a": 0.25, "b": None}, "1": {"a": 0.75}},
    }
    (folder / "01_fcn_voc_full.json").write_text(json.dumps(content))
    found = load_evidence("01_fcn", "full", "voc")
    assert found.source == "full, voc, a GPU"
    assert found.made_with == {"commit": "abc", "device": "a GPU"}
    assert found.steps == {"a": 600}
    assert found.values("a") == [0.25, 0.75] and found.mean("a") == 0.5
    assert math.isnan(found.seeds["0"]["b"]) and math.isnan(found.mean("b"))


def test_the_mean_leaves_out_what_could_not_be_measured():
    seeds = {"0": {"a": 0.2}, "1": {"a": math.nan}, "2": {"a": 0.4}, "3": {}}
    found = Evidence(seeds, "full", "scenes")
    assert found.mean("a") == pytest.approx(0.3)
    assert math.isnan(found.mean("nowhere"))


@pytest.fixture
def study(folder):
    """A stored study, trained for 300 and 600 steps and one for 1500."""
    figures = {
        "a, N steps: mean IoU": 0.2,
        "a, 2N steps: mean IoU": 0.3,
        "a, 5N steps: mean IoU": None,
        "b: mean IoU": 0.5,
    }
    made = {"commit": "abc", "device": "a GPU"}
    content = {
        "settings": {"steps": 300, "data": "scenes"},
        "seeds": {"0": figures, "1": figures},
        "made_with": {"0": made, "1": {**made, "device": "another"}},
    }
    (folder / "studies").mkdir()
    (folder / "studies" / "skips_full.json").write_text(json.dumps(content))


def test_the_figures_of_a_study_are_evidence(study):
    found = load_study("skips", "full")
    assert found.source == "full, scenes, a GPU, another"
    assert found.values("a, N steps: mean IoU") == [0.2, 0.2]
    assert math.isnan(found.mean("a, 5N steps: mean IoU"))
    assert found.steps == {
        "a, N steps: mean IoU": 300,
        "a, 2N steps: mean IoU": 600,
        "a, 5N steps: mean IoU": 1500,
        "b: mean IoU": 600,
    }


def test_a_study_decides_where_a_claim_names_one(study):
    own = Evidence({"0": {"a": 0.9}}, "full", "scenes")
    names = ("a, N steps: mean IoU",)
    assert evidence_of(Remark("r", names), own, "full") is own
    found = evidence_of(Remark("r", names, study="skips"), own, "full")
    assert found.mean(names[0]) == 0.2
    assert evidence_of(Remark("r", names, study="none"), own, "full").seeds == {}


def test_figures_of_other_data_stand_behind_those_that_decide():
    seeds = {"0": {"a": 0.5, "c": 0.25}, "1": {"a": 0.7}}
    scenes = Evidence(seeds, "full", "scenes")
    voc = Evidence({"0": {"a": 0.1, "b": 0.2}}, "full", "voc")
    assert show_stored("a", scenes, [voc]) == "60.0 % (50.0 to 70.0); voc: 10.0 %"
    assert show_stored("b", scenes, [voc]) == "voc: 20.0 %"
    assert show_stored("c", scenes, [voc]) == "25.0 %"
    assert show_stored("d", scenes, [voc]) == "nothing stored"
    assert show_stored("b", voc, [scenes, voc]) == "20.0 %"
