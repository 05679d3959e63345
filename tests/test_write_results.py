"""The report of the stored results: the course's own, and one of made-up results."""

import json

import pytest
import write_results
from fake_benchmark import write_fake_benchmark
from write_results import report

from course_utils.experiments.benchmark.systems import SYSTEMS
from course_utils.experiments.claims import CLAIMS, REMARKS, Claim, Remark, evidence
from course_utils.experiments.claims.rules import at_least, higher

TWO_CLAIMS = (
    Claim("Skips: they help.", higher("with: IoU", "without: IoU")),
    Claim("It is wide.", at_least("field, px", 9)),
)


@pytest.fixture
def course(monkeypatch, tmp_path):
    """A course without results."""
    monkeypatch.setattr(write_results, "COURSE_ROOT", tmp_path)
    monkeypatch.setattr(write_results, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(evidence, "RESULTS", tmp_path / "results")
    return tmp_path


def store(course, name, figures):
    content = {"commit": "abc", "torch": "2.6", "seeds": {"0": figures}}
    (course / "results").mkdir(exist_ok=True)
    (course / "results" / name).write_text(json.dumps(content))


def test_the_report_of_the_course_is_as_a_fresh_one():
    written = (evidence.RESULTS / "README.md").read_text(encoding="utf-8")
    advice = "run: python tools/write_results.py"
    assert written == report(), advice


def test_verdicts_stand_beside_stored_figures(course, monkeypatch):
    figures = {"without: IoU": 0.25, "with: IoU": None, "field, px": 380}
    store(course, "01_fcn_limits_scenes_full.json", figures)
    remark = Remark("How sure?", ("without: IoU",))
    monkeypatch.setitem(CLAIMS, "01_fcn_limits", TWO_CLAIMS)
    monkeypatch.setitem(REMARKS, "01_fcn_limits", (remark,))
    text = report()
    assert "### [01_fcn_limits](../notebooks/01_fcn_limits.ipynb)" in text
    skips = "with: IoU: not measured<br>without: IoU: 25.0 %"
    assert f"| Skips: they help. | not measured | {skips} |" in text
    wide = "holds<br>(1 seed; full, scenes, an unknown device)"
    assert f"| It is wide. | {wide} | field, px: 380 px |" in text
    assert "| How sure? | | without: IoU: 25.0 % |" in text
    assert "Made with commit abc, torch 2.6." in text


def test_notebooks_without_figures_are_left_out(course):
    assert "### [" not in report()


def test_notebook_07_shows_figures_of_the_benchmark(course, monkeypatch):
    benchmark = write_fake_benchmark(evidence.RESULTS, systems=SYSTEMS[:1])
    name = "FCN-32s: mean IoU"
    claim = Claim("c", at_least(name, 0.1))
    monkeypatch.setitem(CLAIMS, "07_one_wall", (claim,))
    value = 100 * benchmark.evidence().seeds["0"][name]
    basis = "(1 seed; full, scenes, nowhere)"
    assert f"| c | holds<br>{basis} | {name}: {value:.1f} % |" in report()


def test_every_data_set_has_a_section_and_scenes_have_the_picture(course):
    write_fake_benchmark(evidence.RESULTS, systems=SYSTEMS[:2], seeds=(0, 1))
    write_fake_benchmark(evidence.RESULTS, data="voc", systems=SYSTEMS[:1])
    text = report()
    assert "### Drawn scenes" in text and "### VOC 2012" in text
    assert "### CamVid" not in text
    assert text.count("(../docs/pictures/benchmark.png)") == 1
    # 70 large objects, 65 of them found by each system and seed
    assert "found, over all seeds: FCN-32s 130 of 140, FCN-16s 130 of 140." in text
    assert "found, over all seeds: FCN-32s 65 of 70" in text


def test_page_and_picture_are_written(course):
    write_fake_benchmark(evidence.RESULTS, systems=SYSTEMS[:1])
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
