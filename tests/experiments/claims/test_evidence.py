import json
import math

import pytest

from course_utils.experiments.claims import evidence
from course_utils.experiments.claims.evidence import Evidence, load_evidence


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
