import os

import nbformat
import pytest

from course_utils.experiments import recording
from course_utils.experiments.claims import evidence
from course_utils.experiments.claims.evidence import load_evidence
from course_utils.experiments.recording import record


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """The folder of the stored results, not there yet."""
    monkeypatch.setattr(evidence, "RESULTS", tmp_path / "results")
    for name in ("COURSE_RESULTS", "COURSE_SEED", "COURSE_CHECKPOINTS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "results"


# A notebook runs in a process of its own, so it measures figures of a true claim.
SMALL, FREE = "32s: recall, side 16 to 32 px", "objects longer than 404 px"
GOOD = f"""
import os
from course_utils.experiments.claims import VerdictTable
from course_utils.settings import run_level
run = run_level("laptop")
assert run.checkpoint("x").parent.name == "checkpoints"
assert str(run.checkpoint("x")).startswith(os.environ["COURSE_RESULTS"])
claims = VerdictTable("01_fcn_limits", run, "voc")
claims.measure({{"{SMALL}": run.seed / 10, "{FREE}": float("folder" in os.environ)}})
claims.measure({{"FCN-32s: mean IoU": 0.5}}, steps=70)
"""


@pytest.fixture
def notebook(tmp_path):
    def write(source):
        content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        nbformat.write(content, tmp_path / "01_fcn.ipynb")
        return tmp_path / "01_fcn.ipynb"

    return write


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_recording_stores_the_figures_of_every_seed(
    notebook, folder, monkeypatch, jobs
):
    monkeypatch.setenv("COURSE_SEED", "8")
    before = dict(os.environ)
    path = notebook(GOOD)
    content = path.read_bytes()
    assert record(path, [0, 3], jobs=jobs) == [folder / "01_fcn_limits_voc_laptop.json"]
    assert dict(os.environ) == before
    assert path.read_bytes() == content
    stored = load_evidence("01_fcn_limits", "laptop", "voc")
    expected = {
        str(seed): {SMALL: seed / 10, FREE: 0.0, "FCN-32s: mean IoU": 0.5}
        for seed in (0, 3)
    }
    assert stored.seeds == expected
    assert stored.steps == {"FCN-32s: mean IoU": 70}
    assert stored.made_with.keys() == {"commit", "device", "torch", "python"}


def test_a_notebook_that_fails_stores_nothing(notebook, folder):
    folder.mkdir()
    path = folder / "01_fcn_limits_voc_laptop.json"
    path.write_text('{"seeds": {"0": {"fine": 1}}}')
    before = dict(os.environ)
    match = r"(?s)01_fcn\.ipynb failed with seed 4:.*no such figure"
    with pytest.raises(RuntimeError, match=match):
        record(notebook("raise ValueError('no such figure')"), [4])
    assert dict(os.environ) == before
    stored = load_evidence("01_fcn_limits", "laptop", "voc")
    assert stored.seeds == {"0": {"fine": 1}}


def test_after_an_error_no_further_seed_is_run(notebook, monkeypatch):
    begun = []

    def fail(notebook, seed, turn):
        begun.append(seed)
        raise RuntimeError("a cell failed")

    monkeypatch.setattr(recording, "_run", fail)
    with pytest.raises(RuntimeError, match="a cell failed"):
        record(notebook(GOOD), range(1000))
    assert len(begun) < 1000


def test_figures_that_could_not_be_stored_are_not_measured(
    notebook, folder, monkeypatch
):
    monkeypatch.setattr(recording, "_run", None)
    folder.write_text("no folder")
    with pytest.raises(OSError, match="must be a folder that can be written to"):
        record(notebook(GOOD), [0])


def test_runs_take_turns_on_the_gpus(notebook, monkeypatch):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    gpu = "float(os.environ['CUDA_VISIBLE_DEVICES'])"
    record(notebook(GOOD.replace('float("folder" in os.environ)', gpu)), [5, 6, 7])
    stored = load_evidence("01_fcn_limits", "laptop", "voc").seeds
    assert [stored[seed][FREE] for seed in ("5", "6", "7")] == [0, 1, 0]


def test_what_can_not_be_recorded_is_refused(notebook, tmp_path):
    with pytest.raises(ValueError, match="jobs must be at least 1, got 0"):
        record(notebook(GOOD), [0], jobs=0)
    with pytest.raises(FileNotFoundError, match=r"gone\.ipynb must be a notebook"):
        record(tmp_path / "gone.ipynb", [0])
    with pytest.raises(ValueError, match="must measure figures for a VerdictTable"):
        record(notebook("1 + 1"), [0])


def test_without_git_the_commit_is_the_one_told_or_unknown(monkeypatch):
    monkeypatch.setenv("COURSE_COMMIT", "abc1234")
    assert recording.provenance()["commit"] == "abc1234"
    monkeypatch.delenv("COURSE_COMMIT", raising=False)
    monkeypatch.setenv("PATH", "")
    assert recording.provenance()["commit"] == "unknown"
