"""The commands train and evaluate, on a net of one channel."""

import errno
import shutil
from pathlib import Path

import pytest

from course_utils import models
from course_utils.experiments import protocol
from course_utils.labels import CAMVID, VOC
from course_utils.training import checkpoints, saved_model
from course_utils.training.progress import History
from course_utils.training.saved_model import ModelSpec, load_model, save_model

TINY = ["--steps", "1", "--base-channels", "1", "--batch-size", "4"]

pytestmark = pytest.mark.usefixtures("environment")


def test_a_training_writes_its_model_and_how_it_was_made(trained):
    assert load_model(trained)[1] == ModelSpec("fcn8s", VOC, 1, True, 64, "voc")
    assert [path.name for path in trained.parent.iterdir()] == ["net.pt"]


def test_without_a_file_name_it_goes_to_the_checkpoints(run_command, tmp_path):
    status, printed = run_command("train", "fcn32s", *TINY, "--seed", "3")
    assert status == 0
    assert (tmp_path / "checkpoints" / "trained_fcn32s_ci_seed3.pt").is_file()
    assert "mean IoU on val: " in printed


def test_an_older_model_is_not_overwritten(run_command, trained):
    before = trained.read_bytes()
    status, printed = run_command("train", "fcn8s", "--to", trained, *TINY)
    assert status == 2
    assert "must not be there yet, and is; nothing was overwritten" in printed
    assert trained.read_bytes() == before


def test_an_interrupted_training_goes_on(run_command, tmp_path, monkeypatch):
    path, real = tmp_path / "net.pt", protocol.fit
    arguments = ["train", "fcn8s", "--to", path, *TINY, "--steps", "6"]  # 3 epochs

    def often(*args, **options):
        return real(*args, **{**options, "checkpoint_seconds": 0})

    def stop_at_the_second(saved):
        def save(file, model, **progress):
            write(file, model, **progress)
            saved.append(file)
            if len(saved) == 2:
                raise KeyboardInterrupt

        return save

    write = checkpoints.save_checkpoint
    monkeypatch.setattr(protocol, "fit", often)
    monkeypatch.setattr(checkpoints, "save_checkpoint", stop_at_the_second([]))
    assert run_command(*arguments)[0] == 130
    assert [p.name for p in tmp_path.glob("*.pt")] == ["net.unfinished.pt"]
    monkeypatch.setattr(checkpoints, "save_checkpoint", write)
    status, printed = run_command(*arguments)
    assert status == 0
    assert "going on after epoch 2, from net.unfinished.pt" in printed
    assert [p.name for p in tmp_path.glob("*.pt")] == ["net.pt"]


@pytest.mark.parametrize("kind", ["folder", "file as folder", "long name"])
def test_a_place_that_can_not_be_written_is_found_before_the_training(
    run_command, tmp_path, monkeypatch, kind
):
    monkeypatch.setattr(protocol, "fit", None)
    (tmp_path / "thesis.txt").write_text("mine")
    places = {"folder": tmp_path, "file as folder": tmp_path / "thesis.txt" / "a.pt"}
    path = places.get(kind, tmp_path / f"{'a' * 300}.pt")
    status, printed = run_command("train", "fcn8s", "--to", path, *TINY)
    assert status == 2
    words = {"folder": "must not be there", "file as folder": "can be written to"}
    assert words.get(kind, "name too long") in printed


def test_a_model_that_can_not_be_written_in_the_end_is_kept(
    run_command, tmp_path, monkeypatch
):
    path, real = tmp_path / "a.pt", saved_model.save_checkpoint

    def fail_there(place, *args, **options):
        if place == path:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(place, *args, **options)

    monkeypatch.setattr(saved_model, "save_checkpoint", fail_there)
    status, printed = run_command("train", "fcn8s", "--to", path, *TINY)
    assert status == 2
    assert "can't be written (No space left on device)" in printed
    place = Path(printed.partition("the result is in ")[2].split(": ")[0])
    assert load_model(place)[1].name == "fcn8s"
    shutil.rmtree(place.parent)


def test_a_file_that_appears_during_the_training_stays(
    run_command, tmp_path, monkeypatch
):
    path, real = tmp_path / "a.pt", protocol.fit

    def fit(*args, **options):
        path.write_text("mine")
        return real(*args, **options)

    monkeypatch.setattr(protocol, "fit", fit)
    status, printed = run_command("train", "fcn8s", "--to", path, *TINY)
    assert status == 2
    place = Path(printed.partition("the result is in ")[2].split(": ")[0])
    assert path.read_text() == "mine" and load_model(place)[1].name == "fcn8s"
    shutil.rmtree(place.parent)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--steps", "0"], "--steps: must be at least 1, got 0"),
        (["--batch-size", "-3"], "--batch-size: must be at least 1, got -3"),
        (["--base-channels", "0"], "--base-channels: must be at least 1, got 0"),
        (["--image-size", "100"], "--image-size: must be a multiple of 32, got 100"),
        (["--image-size", "32"], "--image-size: must be at least 64, got 32"),
        (["--lr", "0"], "--lr: must be above 0, got 0"),
        (["--lr", "nan"], "--lr: must be finite, got nan"),
        (["--lr", "inf"], "--lr: must be finite, got inf"),
        (["--seed", "-1"], "--seed: must be at least 0, got -1"),
        (["--batch-size", "99"], "is the batch larger than the data set"),
        (["--steps", "many"], "--steps: must be a whole number, got 'many'"),
    ],
)
def test_a_wrong_size_is_refused(run_command, tmp_path, arguments, message):
    status, printed = run_command(
        "train", "fcn8s", "--to", tmp_path / "a.pt", *arguments
    )
    assert status == 2
    assert message in printed


def test_of_several_processes_one_prints_and_writes(run_command, tmp_path, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    status, printed = run_command("train", "fcn8s", "--to", tmp_path / "a.pt", *TINY)
    assert (status, printed) == (0, "")
    assert not (tmp_path / "a.pt").exists()


def test_cached_weights_that_do_not_fit_are_left(run_command, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "choose_weights", lambda width: "imagenet")
    command = ("train", "unet", "--to", tmp_path / "a.pt", *TINY)
    status, printed = run_command(*command)
    assert status == 2  # COURSE_WEIGHTS is set here
    assert "unet has no convolutions of VGG16, so the weights imagenet do" in printed
    monkeypatch.delenv("COURSE_WEIGHTS")
    status, printed = run_command(*command)
    assert status == 0
    assert "weights: none after all, unet has no convolutions of VGG16" in printed


def test_a_model_is_scored_class_by_class(run_command, trained):
    status, printed = run_command("evaluate", trained)
    assert status == 0
    assert "fcn8s, trained on voc, on 4 val images" in printed
    assert all(f"  {name:14s} " in printed for name in VOC.names)
    assert "pixel accuracy" in printed and "classes" in printed.splitlines()[-1]


def test_images_with_other_classes_are_refused(run_command, tmp_path):
    spec = ModelSpec("fcn8s", CAMVID, 1, True, 64, "camvid")
    save_model(tmp_path / "a.pt", spec.make(), spec, History())
    status, printed = run_command("evaluate", tmp_path / "a.pt")
    assert status == 2
    assert "must have the classes of camvid" in printed


@pytest.mark.parametrize("command", ["evaluate", "predict"])
def test_a_file_that_is_no_model_is_refused(run_command, tmp_path, command):
    (tmp_path / "a.pt").write_text("hello")
    shutil.copy("docs/pictures/scenes.png", tmp_path / "picture.png")
    more = [tmp_path / "picture.png"] if command == "predict" else []
    for name, message in (
        ("a.pt", "says nothing of its model"),
        ("b.pt", "is not there"),
    ):
        status, printed = run_command(command, tmp_path / name, *more)
        assert status == 2
        assert message in printed
