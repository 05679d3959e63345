from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scene_folder import write_voc_folder

from course_utils.environment.chosen_data import examine_chosen_data
from course_utils.environment.findings import NOTE, OK, TO_DO


@pytest.fixture
def folder(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)

    def pair():
        values = rng.integers(3, size=(16, 16, 4)).astype(np.uint8)
        return Image.fromarray(80 * values[..., :3]), Image.fromarray(values[..., 3])

    splits = {"train": {"a": pair(), "b": pair()}, "val": {"c": pair()}}
    root = write_voc_folder(tmp_path / "leaves", splits, suffix=".png")
    (root / "classes.txt").write_text("floor\nleaf\nfruit")
    monkeypatch.setenv("COURSE_DATA", str(root))
    monkeypatch.setenv("COURSE_RUN", "ci")
    return root


def test_a_folder_is_opened_and_described(folder):
    findings = list(examine_chosen_data())
    assert {f.state for f in findings} == {OK}
    assert findings[0].text.startswith("leaves, 2 train and 1 val pairs")
    assert any("floor, leaf, fruit" in f.text for f in findings)


def test_what_looks_wrong_is_noted(folder):
    Image.open(folder / "JPEGImages" / "a.png").save(folder / "JPEGImages" / "c.png")
    notes = [f.text for f in examine_chosen_data() if f.state == NOTE]
    assert len(notes) == 1 and "1 of 1 val images" in notes[0]


def test_what_can_not_be_read_is_something_to_do(folder):
    (folder / "classes.txt").write_text("floor\nleaf")
    (finding,) = examine_chosen_data()
    assert finding.state == TO_DO
    assert "got 2" in finding.text and "classes.txt" in finding.advice


def test_the_name_of_the_account_is_not_shown(folder, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: folder.parent)
    (folder / "JPEGImages" / "a.png").unlink()
    (finding,) = examine_chosen_data()
    assert str(folder.parent) not in finding.text
    assert finding.text.startswith("~/leaves must hold every file")


@pytest.mark.parametrize("choice", ["", "scenes", "nowhere"])
def test_nothing_is_opened_where_no_folder_is_named(monkeypatch, choice):
    monkeypatch.setenv("COURSE_DATA", choice)
    assert list(examine_chosen_data()) == []
