"""Notebook 07, whatever is stored: its cells are run here, but for its trainings."""

import matplotlib.pyplot as plt
import nbformat
import pytest
from fake_benchmark import write_fake_benchmark

from course_utils.experiments.benchmark import SYSTEMS
from course_utils.experiments.claims import evidence
from course_utils.settings import COURSE_ROOT

LONG = {"architecture", "live", "live-pictures"}
NOTEBOOK = COURSE_ROOT / "notebooks" / "07_one_wall.ipynb"


@pytest.fixture
def run_cells(monkeypatch, tmp_path, capsys):
    """Run the cells on what is stored in a folder; return what is left and printed."""
    for name, value in {"RUN": "ci", "DATA": "scenes", "WEIGHTS": "none"}.items():
        monkeypatch.setenv(f"COURSE_{name}", value)
    monkeypatch.setattr(evidence, "RESULTS", tmp_path)
    monkeypatch.setattr(plt, "show", lambda: None)

    def run():
        names = {"__name__": "notebook"}
        for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
            if cell.cell_type == "code" and cell.id not in LONG:
                exec(compile(cell.source, cell.id, "exec"), names)
        return names, capsys.readouterr().out

    return run


def test_nothing_stored(run_cells):
    names, printed = run_cells()
    assert "no results are stored for ci or full" in printed
    assert "COURSE_RUN=ci python -m course_utils benchmark --seeds 0 1 2" in printed
    claims = names["claims"]
    words = [claims.verdict(claim).word for claim in claims.claims]
    assert set(words) == {"nothing stored"}


@pytest.mark.parametrize("seeds", [(0,), (0, 1, 2)])
def test_results_of_the_large_run(run_cells, tmp_path, seeds):
    write_fake_benchmark(tmp_path, seeds=seeds)
    names, printed = run_cells()
    assert f"results: scenes at full, seeds {', '.join(map(str, seeds))}" in printed
    assert "no results" not in printed and "no predictions" not in printed
    claims = names["claims"]
    for claim in claims.claims:
        verdict = claims.verdict(claim)
        assert verdict.basis.startswith(f"{len(seeds)} seed")
        assert (verdict.word == "undecided") or len(seeds) > 1


def test_some_systems_without_pictures(run_cells, tmp_path):
    write_fake_benchmark(tmp_path, seeds=(3,), systems=[SYSTEMS[0], SYSTEMS[2]])
    names, printed = run_cells()
    assert "no predictions are stored" in printed
    claims = names["claims"]
    words = [claims.verdict(claim).word for claim in claims.claims]
    assert set(words) == {"undecided", "nothing stored"}  # one seed of two systems


def test_results_of_the_readers_own_level_come_first_and_decide_nothing(
    run_cells, tmp_path
):
    write_fake_benchmark(tmp_path, seeds=(0, 1, 2))
    own = write_fake_benchmark(tmp_path, level="ci", systems=SYSTEMS[:3])
    names, _ = run_cells()
    assert (names["benchmark"].level, names["pictured"].level) == ("ci", "ci")
    claims = names["claims"]
    assert "3 seeds; 4 steps; full" in claims.verdict(claims.claims[0]).basis
    figure = "FCN-8s: recall of small objects"
    assert claims.own[figure] == own.evidence().seeds["0"][figure]
