"""The commands train, evaluate and predict, on a net of one channel."""

import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from scene_folder import write_voc_folder

from course_utils import crf, models
from course_utils.cli import main as cli
from course_utils.experiments import protocol
from course_utils.labels import CAMVID, VOC, label_map_to_rgb
from course_utils.training import checkpoints
from course_utils.training.progress import History
from course_utils.training.saved_model import ModelSpec, load_model, save_model

TINY = ["--steps", "1", "--base-channels", "1", "--batch-size", "4"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Write 8 train and 4 val pairs of noise; scenes take longer to draw."""
    root, rng = tmp_path_factory.mktemp("data"), np.random.default_rng(0)

    def pair():
        values = rng.integers(21, size=(64, 64, 4)).astype(np.uint8)
        return Image.fromarray(values[..., :3]), Image.fromarray(values[..., 3])

    splits = {"train": 8, "val": 4}
    return write_voc_folder(
        root, {s: {f"{s}{k}": pair() for k in range(n)} for s, n in splits.items()}
    )


def choose(patch, data):
    for name, value in {"RUN": "ci", "DATA": data, "WEIGHTS": "none"}.items():
        patch.setenv(f"COURSE_{name}", str(value))


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path, data):
    choose(monkeypatch, data)
    monkeypatch.setenv("COURSE_CHECKPOINTS", str(tmp_path / "checkpoints"))


@pytest.fixture(scope="module")
def trained(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("trained") / "net.pt"
    with pytest.MonkeyPatch.context() as patch:
        choose(patch, data)
        assert cli.main(["train", "fcn8s", "--to", str(path), *TINY]) == 0
    return path


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
    assert "must not exist yet; delete it, or choose another --to" in printed
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


@pytest.fixture
def folder(tmp_path):
    """Write pictures of several sizes and kinds, and other things."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, size in (("a.jpg", (50, 70)), ("b.PNG", (33, 200)), ("c.webp", (9, 9))):
        values = rng.integers(256, size=(*size, 3)).astype(np.uint8)
        Image.fromarray(values).save(folder / name)
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def predict(run_command, trained, tmp_path):
    def run(source, *options, to=tmp_path / "out"):
        return run_command("predict", trained, source, "--to", to, *options)

    return run


def test_every_picture_of_a_folder_is_predicted_in_its_size(predict, folder, tmp_path):
    status, printed = predict(folder)
    assert status == 0
    assert "written 3 of 3" in printed
    sizes = {"a": (50, 70), "b": (33, 200), "c": (9, 9)}
    for name, size in sizes.items():
        indices = np.asarray(Image.open(tmp_path / "out" / f"{name}.png"))
        colors = np.asarray(Image.open(tmp_path / "out" / f"{name}_color.png"))
        assert indices.shape == size
        np.testing.assert_array_equal(colors, label_map_to_rgb(indices, VOC))
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_a_broken_picture_is_named_and_the_others_are_done(predict, folder):
    (folder / "broken.jpg").write_bytes(b"no picture")
    status, printed = predict(folder)
    assert status == 1
    assert "skipped: " in printed and "broken.jpg can't be read" in printed
    assert "written 3 of 4" in printed


def test_nothing_is_overwritten(predict, folder, tmp_path):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    status, printed = predict(folder, to=folder)
    assert status == 2
    assert "--to must be another folder" in printed
    assert before == {path: path.read_bytes() for path in folder.iterdir()}
    shutil.copy(folder / "a.jpg", folder / "a.jpeg")  # both would become a.png
    status, printed = predict(folder)
    assert status == 2
    assert "got a twice" in printed
    assert not (tmp_path / "out").exists()


def test_a_folder_without_pictures_and_a_missing_one_are_named(predict, tmp_path):
    (tmp_path / "empty").mkdir()
    for name, message in (("empty", "must hold images"), ("gone", "got neither")):
        status, printed = predict(tmp_path / name)
        assert status == 2
        assert message in printed


def test_the_crf_refines_the_probabilities_on_the_picture(predict, folder, monkeypatch):
    def cat_below_background(image, probs):
        assert image.shape == (*probs.shape[1:], 3) and image.dtype == np.uint8
        torch.testing.assert_close(probs.sum(dim=0), torch.ones_like(probs[0]))
        refined = torch.zeros_like(probs)
        refined[0, :10], refined[8, 10:] = 1, 1  # of 50 rows
        return refined

    monkeypatch.setattr(crf, "dense_crf", cat_below_background)
    status, printed = predict(folder / "a.jpg", "--crf")
    assert status == 0
    assert "a.jpg: cat 80 %, background 20 %" in printed


def test_the_real_crf_keeps_the_size(predict, folder, tmp_path):
    assert predict(folder / "b.PNG", "--crf")[0] == 0
    assert Image.open(tmp_path / "out" / "b.png").size == (200, 33)
