import json
import math

import pytest

from course_utils.experiments.studies.store import StudyFile

SETTINGS = {"steps": 300, "data": "scenes"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "studies" / "skips_full.json"


def test_nothing_is_stored_at_first(path):
    assert StudyFile(path, SETTINGS).figures(0) == {}
    assert not path.exists()


def test_figures_are_added_beside_those_of_other_seeds_and_processes(path):
    one, other = StudyFile(path, SETTINGS), StudyFile(path, SETTINGS)
    one.add(1, {"a": 0.5})
    other.add(0, {"a": 0.25})
    one.add(1, {"b": 0.75})
    assert one.figures(1) == {"a": 0.5, "b": 0.75}
    assert one.figures(0) == {"a": 0.25}
    assert one.all_figures() == [{"a": 0.25}, {"a": 0.5, "b": 0.75}]
    content = json.loads(path.read_text())
    assert list(content["seeds"]) == list(content["made_with"]) == ["0", "1"]
    assert content["settings"] == SETTINGS
    assert "commit" in content["made_with"]["1"]


def test_what_could_not_be_measured_is_null_in_the_file_and_nan_again(path):
    file = StudyFile(path, SETTINGS)
    file.add(0, {"a": math.nan})
    assert json.loads(path.read_text())["seeds"]["0"] == {"a": None}
    assert math.isnan(file.figures(0)["a"])


def test_figures_of_other_settings_are_refused_by_name(path):
    StudyFile(path, SETTINGS).add(0, {"a": 1.0})
    with pytest.raises(ValueError, match="steps is 300, not 600"):
        StudyFile(path, {**SETTINGS, "steps": 600})


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_damaged_file_is_refused(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ValueError, match="must hold figures of a study"):
        StudyFile(path, SETTINGS)
