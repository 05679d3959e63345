import errno
import json
import math
import shutil
from pathlib import Path

import pytest
import torch
from scene_folder import write_scenes
from torch import nn

from course_utils.cli import main as cli
from course_utils.experiments import reproduction
from course_utils.experiments.claims.evidence import RESULTS
from course_utils.experiments.reproduction import (
    PUBLISHED,
    _Crops,
    _make_rmsprop,
    reproduce,
)
from course_utils.metrics import mean_iou, pixel_accuracy
from course_utils.models.create import create_model
from course_utils.settings import COURSE_ROOT
from course_utils.training.evaluation import evaluate

TINY = {"image_size": 64, "base_channels": 1, "crop": 32, "batch_size": 2}
NOTEBOOK = COURSE_ROOT / "notebooks" / "04_skip_connections.ipynb"
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


@pytest.fixture(scope="module")
def three_epochs(data, tmp_path_factory):
    """A run of three epochs, its file and its report."""
    path = tmp_path_factory.mktemp("straight") / "a.pt"
    return path, run(data, path, epochs=3, evaluate_every=2)


def test_runs_without_time_for_more_than_an_epoch_end_bit_equal_to_one(
    data, three_epochs, tmp_path, capsys
):
    path = tmp_path / "b.pt"
    for done in (1, 2, 3):
        report = run(data, path, epochs=3, evaluate_every=2, minutes=0)
        assert report["epochs"] == done
    assert "going on after epoch 2, from b.pt" in capsys.readouterr().out
    torch.testing.assert_close(weights(path), weights(three_epochs[0]), rtol=0, atol=0)
    expected = three_epochs[1]["history"]["train_loss"]
    assert report["history"]["train_loss"] == expected
    assert report["mean_iou"] == three_epochs[1]["mean_iou"]
    assert [one["epochs"] for one in report["runs"]] == [1, 1, 1]


def test_a_finished_stage_is_not_trained_again(data, three_epochs):
    path, report = three_epochs
    assert run(data, path, epochs=3, evaluate_every=2) == report


def test_the_report_says_what_was_reached_with_what(three_epochs):
    path, report = three_epochs
    stored = json.loads(path.with_suffix(".json").read_text())
    assert stored["epochs"] == report["epochs"] == 3
    assert (report["stage"], report["crop"], report["lr"]) == ("crops", 32, 1e-3)
    assert (report["model"], report["data"]) == ("fc_densenet56", "voc")
    assert (report["num_train"], report["num_val"]) == (4, 3)
    assert report["published_on_camvid_test"] == PUBLISHED["fc_densenet56"]
    assert report["base_channels"] == 1
    (made,) = report["runs"]
    assert {"device", "torch", "commit", "python"} <= made.keys()
    assert made["minutes"] == pytest.approx(report["minutes"])
    # after two epochs, and the last one
    assert list(stored["history"]["mean_iou"]) == ["2", "3"]
    assert len(report["iou_per_class"]) == 21


def test_scores_are_of_both_kinds_of_statistics(data, three_epochs):
    path, report = three_epochs
    model = create_model("fc_densenet56", 21, base_channels=1)
    model.load_state_dict(weights(path))
    pairs = reproduction._load(data, 64)
    val = [reproduction._pixels(pairs.val, pairs.val_sizes)]
    assert val[0][0].shape == (3, 3, 43, 64)  # 64 by 96 pixels, scaled, not padded
    for statistics, scores in ((False, report), (True, report["batch_statistics"])):
        model.batch_statistics = statistics
        counts = evaluate(model, val, 21).counts
        assert mean_iou(counts) == pytest.approx(scores["mean_iou"])
        assert pixel_accuracy(counts) == pytest.approx(scores["pixel_accuracy"])


def test_whole_images_come_after_crops(data, three_epochs, tmp_path):
    report = run(
        data, tmp_path / "c.pt", epochs=1, stage="whole", start=three_epochs[0]
    )
    assert (report["stage"], report["crop"]) == ("whole", None)
    assert (report["lr"], report["start"]) == (1e-4, "a.pt")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"stage": "fine"}, "one of crops, whole, got 'fine'"),
        ({"stage": "whole"}, "whole begins from a checkpoint of the stage"),
        ({"start": Path("a.pt")}, "whole begins from a checkpoint of the stage"),
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"evaluate_every": 0}, "evaluate_every must be at least 1"),
    ],
)
def test_wrong_arguments_are_refused(data, tmp_path, options, match):
    with pytest.raises(ValueError, match=match):
        run(data, tmp_path / "d.pt", **options)


def test_the_learning_rate_falls_by_half_a_percent_an_epoch(data, tmp_path):
    path = tmp_path / "d.pt"
    for _ in range(2):
        run(data, path, epochs=9, lr=0.01, minutes=0)
    groups = torch.load(path, weights_only=True)["optimizer"]["param_groups"]
    assert [g["lr"] for g in groups] == pytest.approx([0.01 * 0.995**2] * 2)


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
        ({"batch_size": 1}, "its batches is 2, not 4"),
        ({"seed": 1}, "its seed is 0, not 1"),
        ({"lr": 0.5}, r"its lr is 0\.001, not 0\.5"),
        ({"crop": 16}, r"its crop is \(32, 32\), not \(16, 16\)"),
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


@pytest.mark.parametrize("name", ["a.json", "a.JSON"])
def test_the_report_never_takes_the_place_of_the_checkpoint(data, tmp_path, name):
    with pytest.raises(ValueError, match=r"must have a name of its own, got a\.json"):
        run(data, tmp_path / name, epochs=1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["my thesis", "[1]", '{"model": "unet", "stage": "crops"}']
)
@pytest.mark.parametrize("has_checkpoint", [True, False])
def test_a_file_with_the_reports_name_is_not_overwritten(
    three_epochs, data, tmp_path, text, has_checkpoint
):
    if has_checkpoint:
        shutil.copy(three_epochs[0], tmp_path / "a.pt")
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(FileExistsError, match=r"a\.json must not be there yet"):
        run(data, tmp_path / "a.pt", epochs=3)
    assert (tmp_path / "a.json").read_text() == text


def test_a_report_without_its_checkpoint_stays(three_epochs, data, tmp_path):
    shutil.copy(three_epochs[0].with_suffix(".json"), tmp_path)
    with pytest.raises(FileExistsError, match=r"a\.json must not be there yet"):
        run(data, tmp_path / "a.pt", epochs=3)


def test_the_checkpoint_to_start_from_is_not_written(three_epochs, data, tmp_path):
    shutil.copy(three_epochs[0], tmp_path / "a.pt")
    with pytest.raises(ValueError, match=r"must not be written, since .*a\.pt is read"):
        run(data, tmp_path / "a.pt", stage="whole", start=tmp_path / "a.pt")


def test_a_report_that_can_not_be_written_is_kept_elsewhere(
    data, tmp_path, monkeypatch
):
    path, write = tmp_path / "a.pt", reproduction._write_report

    def fail_there(place, report):
        if place.parent == tmp_path:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(place, report)

    monkeypatch.setattr(reproduction, "_write_report", fail_there)
    with pytest.raises(OSError, match="No space left on device") as caught:
        run(data, path, epochs=1)
    place = Path(str(caught.value).partition("the result is in ")[2].split(": ")[0])
    assert json.loads(place.read_text())["epochs"] == 1
    shutil.rmtree(place.parent)


def test_the_figures_of_notebook_04_are_those_of_the_report():
    report = json.loads((RESULTS / "reproduce_fc_densenet56_camvid.json").read_text())
    columns = [report, report["batch_statistics"], report["published_on_camvid_test"]]
    scores = " | ".join(f"{100 * one['mean_iou']:.1f}" for one in columns)
    trained = f"{report['epochs']} epochs in three runs, {report['minutes']:.0f} min"
    assert len(report["runs"]) == 3
    content = NOTEBOOK.read_text(encoding="utf-8")
    (line,) = [line for line in content.splitlines() if "this command (480×360" in line]
    assert trained in line
    assert f"| {scores} |" in line


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
    assert "must exist, but does not" in capsys.readouterr().err


def numbered(number=5, height=6, width=8):
    """Images whose pixels say where they come from: image, row and column."""
    sides = map(torch.arange, (number, height, width))
    images = torch.stack(torch.meshgrid(*sides, indexing="ij"), dim=1).to(torch.uint8)
    targets = (100 + 10 * images[:, 1] + images[:, 2]).to(torch.uint8)
    return images, targets


def test_a_crop_is_a_window_of_its_image_and_of_its_target():
    torch.manual_seed(0)
    images, targets = next(iter(_Crops(*numbered(), batch_size=5, size=(3, 4))))
    assert images.shape == (5, 3, 3, 4)
    assert targets.shape == (5, 3, 4)
    assert images.dtype == targets.dtype == torch.uint8
    torch.testing.assert_close(targets, 100 + 10 * images[:, 1] + images[:, 2])
    assert (images[:, 1].diff(dim=1) == 1).all()  # the next row of the image
    steps = images[:, 2].short().diff(dim=2)
    assert ((steps == 1).all(dim=(1, 2)) | (steps == -1).all(dim=(1, 2))).all()


def test_every_place_and_both_directions_are_drawn():
    torch.manual_seed(0)
    crops = _Crops(*numbered(1), batch_size=1, size=(3, 4))
    seen = set()
    for _ in range(400):
        image = next(iter(crops))[0][0]
        left, step = int(image[2].min()), int(image[2, 0, 1]) - int(image[2, 0, 0])
        seen.add((int(image[1, 0, 0]), left, step))
    # 6 - 3 + 1 rows, 8 - 4 + 1 columns, mirrored or not
    assert seen == {(r, c, s) for r in range(4) for c in range(5) for s in (1, -1)}


def test_a_pass_takes_each_image_once_and_leaves_out_what_fills_no_batch():
    torch.manual_seed(0)
    crops = _Crops(*numbered(5), batch_size=2, size=None)
    assert len(crops) == 2
    passes = []
    for _ in range(3):
        images = torch.cat([images for images, _ in crops])
        assert images.shape == (4, 3, 6, 8)  # without a size they are whole
        passes.append(images[:, 0, 0, 0].tolist())
    assert all(len(set(one)) == 4 for one in passes)
    assert len({tuple(one) for one in passes}) > 1


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"batch_size": 1, "size": (7, 4)}, "6×8 pixels, got 7×4"),
        ({"batch_size": 1, "size": (3, 9)}, "6×8 pixels, got 3×9"),
        ({"batch_size": 6, "size": None}, "from 1 to the 5 training images, got 6"),
        ({"batch_size": 0, "size": None}, "from 1 to the 5 training images, got 0"),
    ],
)
def test_crops_and_batches_that_do_not_fit_are_refused(options, match):
    with pytest.raises(ValueError, match=match):
        _Crops(*numbered(), **options)


def step_by_hand(weight, gradients, lr, l2):
    """Lasagne's rmsprop on a number, with the floor of the root outside it."""
    mean_square = 0.0
    for gradient in gradients:
        gradient = gradient + 2 * l2 * weight
        mean_square = 0.9 * mean_square + 0.1 * gradient**2
        weight -= lr * gradient / (mean_square**0.5 + 1e-3)
    return weight


def test_steps_are_those_of_rmsprop_with_a_penalty_on_weights_alone():
    model = nn.Linear(1, 1)
    nn.init.constant_(model.weight, 2.0)
    nn.init.constant_(model.bias, 3.0)
    optimizer = _make_rmsprop(model, lr=0.01)
    for gradient in (0.5, -0.02):
        for parameter in model.parameters():
            parameter.grad = torch.full_like(parameter, gradient)
        optimizer.step()
    expected = step_by_hand(2.0, (0.5, -0.02), 0.01, 1e-4)
    assert model.weight.item() == pytest.approx(expected, abs=1e-6)
    expected = step_by_hand(3.0, (0.5, -0.02), 0.01, 0)
    assert model.bias.item() == pytest.approx(expected, abs=1e-6)
