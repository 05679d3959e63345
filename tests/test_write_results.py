"""The report of the stored results: the course's own, and one of made-up results."""

import json

import nbformat
import pytest
import write_results
from fake_benchmark import write_fake_benchmark
from write_results import report

from course_utils.experiments import claims
from course_utils.experiments.benchmark.systems import SYSTEMS
from course_utils.experiments.claims import Claim, VerdictTable, holds
from course_utils.settings import RUN_LEVELS

TWO_CLAIMS = [
    Claim("Skips: they help.", {"without: IoU": 0.1, "with: IoU": 0.2}, lambda f: "x"),
    Claim("It is wide.", {"field, px": 404.0}, lambda f: holds(f["field, px"] > 9)),
]


@pytest.fixture
def course(monkeypatch, tmp_path):
    """A course without notebooks and results."""
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setattr(write_results, "COURSE_ROOT", tmp_path)
    monkeypatch.setattr(write_results, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(claims, "RESULTS", tmp_path / "results")
    return tmp_path


def write_notebook(course, name, table):
    data = {"text/plain": str(table)}
    output = nbformat.v4.new_output("execute_result", data=data)
    cell = nbformat.v4.new_code_cell("table", id="verdict", outputs=[output])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbformat.write(notebook, course / "notebooks" / f"{name}.ipynb")


def store(course, name, figures):
    content = {"commit": "abc", "torch": "2.6", "seeds": {"0": figures}}
    (course / "results").mkdir(exist_ok=True)
    (course / "results" / name).write_text(json.dumps(content))


def test_the_report_of_the_course_is_as_a_fresh_one():
    written = (claims.RESULTS / "README.md").read_text(encoding="utf-8")
    advice = "run: python tools/write_results.py"
    assert written == report(), advice


def test_verdicts_stand_beside_stored_figures(course):
    figures = {"without: IoU": 0.25, "with: IoU": None, "field, px": 380}
    store(course, "01_fcn_scenes_full.json", figures)
    table = VerdictTable("01_fcn", RUN_LEVELS["full"], "scenes", TWO_CLAIMS)
    write_notebook(course, "01_fcn", table)
    text = report()
    assert "### [01_fcn](../notebooks/01_fcn.ipynb)" in text
    skips = "without: IoU: 25.0 %<br>with: IoU: nothing stored"
    assert f"| Skips: they help. | not measured (1 seed) | {skips} |" in text
    assert "| It is wide. | holds (1 seed) | field, px: 380 px |" in text
    assert "Made with commit abc, torch 2.6." in text


def test_notebooks_without_verdicts_or_figures_are_left_out(course):
    table = VerdictTable("01_fcn", RUN_LEVELS["full"], "scenes", TWO_CLAIMS)
    write_notebook(course, "01_fcn", table)
    store(course, "02_next_scenes_full.json", {"field, px": 380})
    write_notebook(course, "02_next", "")
    assert "### [" not in report()


def test_notebook_07_shows_figures_of_the_benchmark(course):
    benchmark = write_fake_benchmark(claims.RESULTS, systems=SYSTEMS[:1])
    claim = Claim("c", {"FCN-32s: mean IoU": 0.5}, lambda f: "refuted")
    stored = benchmark.figures()
    run = RUN_LEVELS["full"]
    table = VerdictTable("07_x", run, "scenes", [claim], stored=stored)
    write_notebook(course, "07_x", table)
    value = 100 * stored["0"]["FCN-32s: mean IoU"]
    row = f"| c | refuted (1 seed) | FCN-32s: mean IoU: {value:.1f} % |"
    assert row in report()


def test_every_data_set_has_a_section_and_scenes_have_the_picture(course):
    write_fake_benchmark(claims.RESULTS, systems=SYSTEMS[:2], seeds=(0, 1))
    write_fake_benchmark(claims.RESULTS, data="voc", systems=SYSTEMS[:1])
    text = report()
    assert "### Drawn scenes" in text and "### VOC 2012" in text
    assert "### CamVid" not in text
    assert text.count("(../docs/pictures/benchmark.png)") == 1
    # 70 large objects, 65 of them found by each system and seed
    assert "found, of 140 over all seeds: FCN-32s 130, FCN-16s 130." in text
    assert "found, of 70 over all seeds: FCN-32s 65." in text


def test_page_and_picture_are_written(course):
    write_fake_benchmark(claims.RESULTS, systems=SYSTEMS[:1])
    write_results.main()
    page = course / "results" / "README.md"
    assert page.read_text(encoding="utf-8") == report()
    assert (course / "docs" / "pictures" / "benchmark.png").is_file()


def test_a_long_training_stands_beside_its_published_number(course):
    runs = [{"device": "CPU", "commit": "a"}, {"device": "CPU", "commit": "b"}]
    content = {
        "model": "unet",
        "size": 96,
        "mean_iou": 0.25,
        "batch_statistics": None,
        "published_on_camvid_test": {"mean_iou": 0.5},
        "epochs": 3,
        "minutes": 9.8,
        "runs": runs,
    }
    (course / "results").mkdir()
    (course / "results" / "reproduce_unet.json").write_text(json.dumps(content))
    trained = "3 epochs in 2 runs, 10 minutes on CPU, commit a, b"
    row = f"| unet, longer side 96 pixels | {trained} | 25.0 |  | 50.0 |"
    assert row in report()
