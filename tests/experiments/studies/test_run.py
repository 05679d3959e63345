import json
import re
from dataclasses import replace

import pytest

from course_utils.cli import study
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.experiments.studies import STUDIES, run_studies, skips
from course_utils.settings import RunLevel

RUN = RunLevel("ci", 4, 64, 8, 4, batch_size=4, steps=4)


def test_a_study_writes_the_figures_of_every_seed(tmp_path, monkeypatch):
    (file,) = run_studies(RUN, names=["skips"], seeds=(0, 1), folder=tmp_path)
    assert file == tmp_path / "studies" / "skips_ci.json"
    content = json.loads(file.read_text())
    assert content["settings"]["steps"] == 2  # N
    assert content["settings"]["base_channels"] == 2  # half of the run level's
    assert content["settings"]["optimizer"] == "muon"
    assert list(content["seeds"]) == ["0", "1"]
    assert len(content["seeds"]["1"]) == 3 * 2 * 2  # nets, durations, scores

    def train(*_, **__):
        raise AssertionError("it was stored")

    monkeypatch.setattr(TrainingProtocol, "train", train)
    assert run_studies(RUN, names=["skips"], seeds=(0, 1), folder=tmp_path) == [file]
    with pytest.raises(ValueError, match="steps is 2, not 4"):
        longer = replace(RUN, steps=8)
        run_studies(longer, names=["skips"], folder=tmp_path)


def test_all_studies_are_run_by_default_and_each_once(tmp_path, monkeypatch):
    asked = []
    for name in STUDIES:
        monkeypatch.setitem(
            STUDIES, name, lambda t, name=name: asked.append((name, t.run.seed))
        )
    run_studies(RUN, folder=tmp_path, seeds=(2, 2))
    assert asked == [(name, 2) for name in STUDIES]


@pytest.mark.parametrize(
    "choice", [{"names": ["skip"]}, {"seeds": [-1]}, {"seeds": []}], ids=str
)
def test_what_can_not_be_run_is_refused(choice, tmp_path):
    with pytest.raises(ValueError, match=r"(studies|seeds).* must be "):
        run_studies(RUN, folder=tmp_path, **choice)
    assert not list(tmp_path.iterdir())


def test_nets_that_others_need_are_trained_before_them():
    names = list(STUDIES)
    assert names.index("skips") < names.index("windows") < names.index("indices")
    assert names.index("skips") < names.index("reflections")
    assert STUDIES["skips"] is skips.measure


def test_the_command_names_every_study():
    words = re.findall(r"\w+", study._run_studies.__doc__)
    assert set(STUDIES) <= set(words)


def test_every_study_says_what_makes_it_hold_and_what_refutes_it():
    for measure in STUDIES.values():
        text = __import__(measure.__module__, fromlist=["measure"]).__doc__.lower()
        assert "holds" in text and "refuted if" in text
