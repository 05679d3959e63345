"""The command benchmark, without training where it can be."""

import pytest
from fake_benchmark import write_fake_benchmark
from PIL import Image

from course_utils import datasets, settings
from course_utils.experiments import benchmark


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """The folder COURSE_RESULTS, empty."""
    values = {"RUN": "full", "DATA": "scenes", "WEIGHTS": "none"}
    for name, value in (values | {"RESULTS": str(tmp_path / "out")}).items():
        monkeypatch.setenv(f"COURSE_{name}", value)
    return tmp_path / "out"


@pytest.fixture
def asked(folder, monkeypatch):
    """What the command asks of ``run_benchmark``, which trains nothing here."""
    options = {}

    def run_benchmark(run, data, **given):
        options.update(given, level=run.name, data=data)
        return write_fake_benchmark(folder)

    monkeypatch.setattr(benchmark, "run_benchmark", run_benchmark)
    monkeypatch.setattr(datasets, "course_data", lambda run: "the data")
    return options


def test_it_trains_what_was_asked_for_and_prints_a_table(run_command, folder, asked):
    status, printed = run_command("benchmark", "--models", "unet", "--seeds", "1", "2")
    assert status == 0
    assert (asked["models"], asked["seeds"]) == (["unet"], [1, 2])
    assert (asked["level"], asked["data"]) == ("full", "the data")
    assert (asked["again"], asked["folder"]) == (False, folder)
    assert "boundary IoU, %" in printed and "DilatedNet" in printed


def test_by_default_every_model_is_trained(run_command, asked):
    assert run_command("benchmark")[0] == 0
    assert tuple(asked["models"]) == benchmark.MODELS
    assert (asked["seeds"], asked["weights"]) == ([0], None)


def test_one_model_at_ci_end_to_end(run_command, folder, monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "ci")
    status, printed = run_command("benchmark", "--models", "fcn32s", "--seeds", "5")
    assert status == 0 and "FCN-32s, seed 5: mean IoU" in printed
    assert [path.name for path in folder.iterdir()] == [
        "07_one_wall_scenes_ci_seed5.json"
    ]


def test_a_stored_table_is_printed(run_command, folder):
    write_fake_benchmark(folder)
    status, printed = run_command("benchmark", "--table")
    assert status == 0
    assert printed.startswith("| ") and "| mean IoU, % |" in printed


def test_stored_predictions_are_drawn(run_command, folder, tmp_path):
    write_fake_benchmark(folder)
    path = tmp_path / "new" / "benchmark.png"
    status, printed = run_command("benchmark", "--picture", path)
    assert status == 0 and "written" in printed
    assert Image.open(path).width == 1800


def test_a_picture_takes_the_place_of_nothing(run_command, folder, tmp_path):
    write_fake_benchmark(folder)
    (tmp_path / "mine.png").write_text("mine")
    status, printed = run_command("benchmark", "--picture", tmp_path / "mine.png")
    assert status == 2 and "mine.png must not be there yet" in printed
    assert (tmp_path / "mine.png").read_text() == "mine"


def test_nothing_stored_is_said_in_a_sentence(run_command):
    for option in (["--table"], ["--picture", "x.png"]):
        status, printed = run_command("benchmark", *option)
        assert status == 2
        assert "there are none for scenes at full" in printed


def test_photographs_have_figures_and_no_picture(
    run_command, folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("COURSE_DATA", "/somewhere/camvid_small")
    write_fake_benchmark(folder, data="camvid")
    assert run_command("benchmark", "--table")[0] == 0
    status, printed = run_command("benchmark", "--picture", tmp_path / "x.png")
    assert status == 2 and "predictions must be stored" in printed
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize("name", ["voc", "scenes"])
def test_without_a_choice_the_table_shows_the_data_that_would_be_trained_on(
    run_command, folder, monkeypatch, tmp_path, name
):
    """It once showed scenes where VOC had been downloaded and would be trained on."""
    monkeypatch.delenv("COURSE_DATA")
    monkeypatch.setattr(settings, "COURSE_ROOT", tmp_path)
    if name == "voc":
        (tmp_path / "data" / "voc").mkdir(parents=True)
    write_fake_benchmark(folder, data=name)
    status, printed = run_command("benchmark", "--table")
    assert status == 0 and f"Data: {name}, run level full" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--models", "resnet"], "models must be some of fcn32s, "),
        (["--seeds", "one"], "must be a whole number, got 'one'"),
        (["--seeds", "0", "-1"], "--seeds: must be at least 0, got -"),
    ],
)
def test_wrong_arguments_are_refused_before_data_are_loaded(
    run_command, monkeypatch, arguments, message
):
    monkeypatch.setattr(datasets, "course_data", None)
    status, printed = run_command("benchmark", *arguments)
    assert status == 2
    assert message in printed


def test_help_shows_an_example(run_command):
    status, printed = run_command("benchmark", "--help")
    assert status == 0
    assert "python -m course_utils benchmark --models fcn8s unet" in printed
