"""The command wall, without training where it can be."""

import pytest
from fake_wall import write_fake_wall
from PIL import Image

from course_utils import datasets
from course_utils.cli import benchmark as command
from course_utils.experiments import benchmark as room
from course_utils.experiments.benchmark.systems import SYSTEMS


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """The folder COURSE_RESULTS, empty."""
    values = {"RUN": "full", "DATA": "scenes", "WEIGHTS": "none"}
    for name, value in (values | {"RESULTS": str(tmp_path / "out")}).items():
        monkeypatch.setenv(f"COURSE_{name}", value)
    return tmp_path / "out"


@pytest.fixture
def course(monkeypatch, tmp_path):
    """A course that is a README alone."""
    monkeypatch.setattr(command, "COURSE_ROOT", tmp_path)
    text = f"before\n{command.BEGIN}\nold\n{command.END}\nafter\n"
    (tmp_path / "README.md").write_text(text)
    return tmp_path


def test_it_trains_what_was_asked_for_and_prints_a_table(
    run_command, folder, monkeypatch
):
    asked = {}

    def run_wall(run, data, **options):
        asked.update(options, level=run.name, data=data)
        return write_fake_wall(folder, level="ci")

    monkeypatch.setattr(room, "run_wall", run_wall)
    monkeypatch.setattr(datasets, "course_data", lambda run: "the data")
    status, printed = run_command("wall", "--models", "unet", "--seeds", "1", "2")
    assert status == 0
    assert (asked["models"], asked["seeds"]) == (["unet"], [1, 2])
    assert (asked["level"], asked["data"], asked["again"]) == (
        "full",
        "the data",
        False,
    )
    assert asked["folder"] == folder
    assert "boundary IoU, %" in printed and "DilatedNet" in printed


def test_one_model_at_ci_end_to_end(run_command, folder, monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "ci")
    status, printed = run_command("wall", "--models", "fcn32s", "--seeds", "5")
    assert status == 0 and "FCN-32s, seed 5: mean IoU" in printed
    assert [path.name for path in folder.iterdir()] == [
        "07_one_wall_scenes_ci_seed5.json"
    ]


def test_a_stored_table_is_printed(run_command, folder):
    write_fake_wall(folder)
    status, printed = run_command("wall", "--table")
    assert status == 0
    assert printed.startswith("|  | mean IoU, % |")


def test_a_stored_wall_is_drawn(run_command, folder, tmp_path):
    write_fake_wall(folder)
    status, printed = run_command("wall", "--picture", tmp_path / "new" / "wall.png")
    assert status == 0 and "written" in printed
    assert Image.open(tmp_path / "new" / "wall.png").width == 1800


def test_nothing_stored_is_said_in_a_sentence(run_command):
    for option in (["--table"], ["--readme"], ["--picture", "x.png"]):
        status, printed = run_command("wall", *option)
        assert status == 2
        assert "nothing is stored of scenes at full" in printed


def test_photographs_have_figures_and_no_picture(
    run_command, folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("COURSE_DATA", "/somewhere/camvid_small")
    write_fake_wall(folder, data="camvid")
    assert run_command("wall", "--table")[0] == 0
    status, printed = run_command("wall", "--picture", tmp_path / "x.png")
    assert status == 2 and "must have stored predictions" in printed
    assert not (tmp_path / "x.png").exists()


def test_the_readme_gets_all_data_sets_and_one_picture(run_command, folder, course):
    write_fake_wall(folder, systems=SYSTEMS[:2])
    write_fake_wall(folder, data="voc", systems=SYSTEMS[:1])
    assert run_command("wall", "--readme")[0] == 0
    once = (course / "README.md").read_text()
    assert once.startswith(f"before\n{command.BEGIN}\n")
    assert once.endswith(f"\n{command.END}\nafter\n") and "old" not in once
    assert "### Drawn scenes" in once and "### VOC 2012" in once
    assert once.count("(docs/pictures/wall.png)") == 1
    assert (course / "docs" / "pictures" / "wall.png").is_file()
    run_command("wall", "--readme")
    assert (course / "README.md").read_text() == once


def test_a_readme_without_the_place_is_refused():
    with pytest.raises(ValueError, match="must have the lines <!-- wall: begin -->"):
        command.fill_in("no place", "table")


def test_the_readme_of_the_course_has_the_place():
    text = (command.COURSE_ROOT / "README.md").read_text(encoding="utf-8")
    filled = command.fill_in(text, "new")
    assert f"\n{command.BEGIN}\n\nnew\n\n{command.END}\n" in filled


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--models", "resnet"], "got 'resnet'"),
        (["--seeds", "one"], "invalid int value: 'one'"),
        (["--seeds", "0", "-1"], "seeds must be one or more numbers from 0 up"),
    ],
)
def test_wrong_arguments_are_refused_before_data_are_loaded(
    run_command, monkeypatch, arguments, message
):
    monkeypatch.setattr(datasets, "course_data", None)
    status, printed = run_command("wall", *arguments)
    assert status == 2
    assert message in printed


def test_help_shows_an_example(run_command):
    status, printed = run_command("wall", "--help")
    assert status == 0
    assert "python -m course_utils wall --models fcn8s unet" in printed
