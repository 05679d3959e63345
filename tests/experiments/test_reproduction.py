import json
import math

import pytest
import torch

from course_utils.cli import main as cli
from course_utils.datasets.course import course_data
from course_utils.datasets.scenes.dataset import write_scenes
from course_utils.experiments import long_training
from course_utils.experiments.claims import RESULTS
from course_utils.experiments.long_training import LongTraining
from course_utils.experiments.reproduction import PUBLISHED, reproduce
from course_utils.metrics import mean_iou, pixel_accuracy
from course_utils.models.create import create_model
from course_utils.settings import COURSE_ROOT, RunLevel
from course_utils.training.evaluation import evaluate
from course_utils.training.precision import make_accelerator

TINY = {"image_size": 64, "base_channels": 1, "crop": 32, "batch_size": 2}
ENOUGH = 60.0  # minutes: what ends these runs is the number of epochs


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "voc"
    write_scenes(root, num_train=4, num_val=3, size=(64, 96))
    return str(root)


def run(data, checkpoint, **options):
    options = {"minutes": ENOUGH, "checkpoint": checkpoint, **TINY, **options}
    return reproduce("fc_densenet56", data, **options)


def weights(checkpoint):
    return torch.load(checkpoint, weights_only=True)["model"]


def assert_equal_weights(first, second):
    torch.testing.assert_close(weights(first), weights(second), rtol=0, atol=0)


@pytest.fixture(scope="module")
def three_epochs(data, tmp_path_factory):
    """A run of three epochs, its file and its report."""
    path = tmp_path_factory.mktemp("straight") / "a.pt"
    return path, run(data, path, epochs=3, evaluate_every=2)


def test_two_runs_end_bit_equal_to_one(data, three_epochs, tmp_path, capsys):
    path = tmp_path / "b.pt"
    run(data, path, epochs=1, evaluate_every=2)
    report = run(data, path, epochs=3, evaluate_every=2)
    assert "going on after epoch 1, from b.pt" in capsys.readouterr().out
    assert_equal_weights(path, three_epochs[0])
    expected = three_epochs[1]["history"]["train_loss"]
    assert report["history"]["train_loss"] == expected
    assert report["mean_iou"] == three_epochs[1]["mean_iou"]


def test_every_run_says_what_it_was_made_with(data, tmp_path, monkeypatch):
    path = tmp_path / "runs.pt"
    for commit, epochs in (("first", 1), ("second", 3), ("idle", 3)):
        monkeypatch.setenv("COURSE_COMMIT", commit)
        report = run(data, path, epochs=epochs)
    made = [(one["commit"], one["epochs"]) for one in report["runs"]]
    assert made == [("first", 1), ("second", 2)]
    minutes = sum(one["minutes"] for one in report["runs"])
    assert minutes == pytest.approx(report["minutes"])


def test_a_loss_that_is_no_number_leaves_the_checkpoint(data, tmp_path, monkeypatch):
    path = tmp_path / "nan.pt"
    run(data, path, epochs=1)
    before = path.read_bytes()
    monkeypatch.setattr(long_training, "train_one_epoch", lambda *_, **__: math.nan)
    with pytest.raises(RuntimeError, match=r"was nan in epoch 2.*smaller lr"):
        run(data, path, epochs=2)
    assert path.read_bytes() == before


def full_memory(*_, **__):
    raise torch.OutOfMemoryError


def test_what_was_trained_is_saved_before_it_is_scored(data, tmp_path, monkeypatch):
    path = tmp_path / "full.pt"
    with monkeypatch.context() as patch:
        patch.setattr(long_training, "score_both_ways", full_memory)
        with pytest.raises(RuntimeError, match="10 images of 43×64 pixels must fit"):
            run(data, path, epochs=1)
    report = run(data, path, epochs=1)
    assert (report["epochs"], report["runs"][0]["epochs"]) == (1, 1)


def scaled(init_scale):
    """Make accelerators that scale gradients, as float16 on a GPU needs it."""

    def make(seed):
        accelerator = make_accelerator(seed)
        accelerator.scaler = torch.amp.GradScaler("cpu", init_scale=init_scale)
        return accelerator

    return make


def test_the_scale_of_float16_gradients_is_kept(data, tmp_path, monkeypatch):
    path = tmp_path / "scaled.pt"
    monkeypatch.setattr(long_training, "make_accelerator", scaled(8.0))
    run(data, path, epochs=1)
    monkeypatch.setattr(long_training, "make_accelerator", scaled(1024.0))
    run(data, path, epochs=1)  # nothing is left to train
    assert torch.load(path, weights_only=True)["scaler"]["scale"] == 8.0


def test_too_little_memory_for_training_names_a_batch(data, tmp_path, monkeypatch):
    monkeypatch.setattr(long_training, "train_one_epoch", full_memory)
    match = "a batch of 2 images of 32×32 pixels .* name another file"
    with pytest.raises(RuntimeError, match=match):
        run(data, tmp_path / "small.pt", epochs=1)


def test_a_finished_stage_is_not_trained_again(data, three_epochs):
    path, report = three_epochs
    again = run(data, path, epochs=3, evaluate_every=2)
    assert again["epochs"] == 3
    assert again["history"] == report["history"]


def test_the_report_says_what_was_reached_with_what(three_epochs):
    path, report = three_epochs
    assert json.loads(path.with_suffix(".json").read_text()) == report
    assert report["epochs"] == 3
    assert report["stages"] == [
        {"stage": "crops", "crop": 32, "batch_size": 2, "lr": 1e-3, "epochs": 3}
    ]
    assert (report["model"], report["data"]) == ("fc_densenet56", "voc")
    assert (report["num_train"], report["num_val"]) == (4, 3)
    assert report["published_on_camvid_test"] == PUBLISHED["fc_densenet56"]
    assert report["base_channels"] == 1
    (made,) = report["runs"]
    assert {"device", "torch", "commit", "python"} <= made.keys()
    assert made["epochs"] == 3
    assert made["minutes"] == pytest.approx(report["minutes"])
    assert report["minutes"] > 0
    # after two epochs, and the last one
    assert [score["epoch"] for score in report["history"]["scores"]] == [2, 3]
    assert len(report["iou_per_class"]) == 21


def test_scores_are_of_both_kinds_of_statistics(data, three_epochs):
    path, report = three_epochs
    model = create_model("fc_densenet56", 21, base_channels=1)
    model.load_state_dict(weights(path))
    training = LongTraining(
        model,
        course_data(RunLevel("full", 1, 64, 9, 9, 1, 1), choice=data),
        settings={"seed": 0},
        stage="crops",
        crop=None,
        batch_size=1,
        lr=0.1,
        path=path.with_name("none.pt"),
        made_with={},
    )
    images = training.val[0][0]
    assert images.shape == (3, 3, 43, 64)  # 64 by 96 pixels, scaled, without padding
    for statistics, scores in ((False, report), (True, report["batch_statistics"])):
        model.batch_statistics = statistics
        counts = evaluate(model, training.val, 21).counts
        assert mean_iou(counts) == pytest.approx(scores["mean_iou"])
        assert pixel_accuracy(counts) == pytest.approx(scores["pixel_accuracy"])
    assert report["mean_iou"] != report["batch_statistics"]["mean_iou"]


def test_whole_images_come_after_crops(data, tmp_path):
    path = tmp_path / "c.pt"
    run(data, path, epochs=1)
    report = run(data, path, epochs=2, stage="whole")
    assert [stage["epochs"] for stage in report["stages"]] == [1, 2]
    assert report["stages"][1]["crop"] is None
    assert report["stages"][1]["lr"] == 1e-4
    with pytest.raises(ValueError, match=r"beyond the stage crops, but is in .* whole"):
        run(data, path, epochs=3)


def test_the_learning_rate_falls_by_half_a_percent_an_epoch(data, tmp_path):
    path = tmp_path / "d.pt"
    run(data, path, epochs=3, lr=0.01)
    groups = torch.load(path, weights_only=True)["optimizer"]["param_groups"]
    assert [g["lr"] for g in groups] == pytest.approx([0.01 * 0.995**2] * 2)


class Clock:
    """A clock on which every look takes a second."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        self.now += 1.0
        return self.now


def test_a_run_ends_in_time_and_leaves_everything_behind(data, tmp_path, monkeypatch):
    path = tmp_path / "e.pt"
    clock = Clock()
    monkeypatch.setattr(long_training, "time", clock)
    monkeypatch.setattr("course_utils.experiments.reproduction.time", clock)
    report = run(data, path, minutes=1, epochs=750, evaluate_every=1)
    assert 1 < report["epochs"] < 15
    assert clock.now <= 60
    assert path.is_file()
    assert report["history"]["scores"][-1]["epoch"] == report["epochs"]


def test_without_time_one_epoch_is_run(data, tmp_path):
    assert run(data, tmp_path / "f.pt", minutes=0)["epochs"] == 1


def test_models_without_batch_statistics_train_too(data, tmp_path):
    report = reproduce(
        "unet", data, minutes=0, checkpoint=tmp_path / "g.pt", **TINY, epochs=1
    )
    assert report["batch_statistics"] is None
    assert report["published_on_camvid_test"] is None
    assert 0 <= report["mean_iou"] <= 1
    assert not math.isnan(report["history"]["train_loss"][0])


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"seed": 1}, "its seed is 0, not 1"),
        ({"batch_size": 1}, "its batch_size is 2, not 1"),
        ({"lr": 0.5}, r"its lr is 0\.001, not 0\.5"),
        ({"base_channels": 8}, "must hold a FCDenseNet of this size"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(
    data, three_epochs, options, match
):
    path = three_epochs[0]
    before = path.read_bytes()
    with pytest.raises(ValueError, match=match):
        run(data, path, epochs=9, **options)
    assert path.read_bytes() == before


def test_an_unknown_stage_is_refused(data, tmp_path):
    with pytest.raises(ValueError, match="one of crops, whole, got 'fine'"):
        run(data, tmp_path / "h.pt", stage="fine")


def test_the_figures_of_notebook_04_are_those_of_the_report():
    report = json.loads((RESULTS / "reproduce_fc_densenet56_camvid.json").read_text())
    statistics = (
        report,
        report["batch_statistics"],
        report["published_on_camvid_test"],
    )
    scores = " | ".join(f"{100 * one['mean_iou']:.1f}" for one in statistics)
    trained = (
        f"{report['epochs']} epochs in three runs, {report['minutes']:.0f} minutes"
    )
    assert len(report["runs"]) == 3
    notebook = COURSE_ROOT / "notebooks" / "04_skip_connections.ipynb"
    content = notebook.read_text(encoding="utf-8")
    (line,) = [line for line in content.splitlines() if "this command (480×360" in line]
    assert trained in line
    assert f"| {scores} |" in line


def test_whole_images_need_a_checkpoint(data, tmp_path):
    with pytest.raises(FileNotFoundError, match="train in crops first"):
        run(data, tmp_path / "none.pt", stage="whole")


@pytest.mark.parametrize("name", ["epochs", "evaluate_every"])
def test_no_epochs_are_refused(data, tmp_path, name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        run(data, tmp_path / "none.pt", **{name: 0})


def test_the_command_reports_beside_the_published_number(data, tmp_path, capsys):
    path = tmp_path / "i.pt"
    line = f"reproduce fc_densenet56 --data {data} --minutes 0 --checkpoint {path}"
    line += " --crop 32 --batch-size 2 --image-size 64 --base-channels 1"
    assert cli.main(line.split()) == 0
    out = capsys.readouterr().out
    assert "1 epochs, " in out
    assert "val, by batch statistics: mean IoU" in out
    published = "published, on the test split of CamVid, by batch statistics: "
    assert f"{published}mean IoU 58.9 %, pixel accuracy 88.9 %" in out
    assert path.is_file()
    assert path.with_suffix(".json").is_file()


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    line = f"reproduce unet --data {tmp_path}/no --minutes 1 --checkpoint {tmp_path}/x"
    with pytest.raises(SystemExit) as stopped:
        cli.main(line.split())
    assert stopped.value.code == 2
    assert "must exist, and does not" in capsys.readouterr().err
