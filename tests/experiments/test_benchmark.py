"""The wall: what is trained, measured, stored and read again, on tiny scenes."""

import dataclasses
import json
import math
import shutil

import numpy as np
import pytest
import torch
from fake_wall import fake_entry, write_fake_wall
from PIL import Image

from course_utils.datasets.course import course_data
from course_utils.experiments import protocol
from course_utils.experiments.benchmark import (
    MODELS,
    SYSTEMS,
    count_costs,
    draw_scene,
    draw_wall,
    load_wall,
    make_net,
    markdown_table,
    measure,
    run,
    run_wall,
    systems_of,
    text_table,
)
from course_utils.experiments.benchmark.store import add_entries, file_of, read_figures
from course_utils.experiments.benchmark.tables import spread
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.labels import VOC, colormap
from course_utils.settings import RunLevel
from course_utils.training import checkpoints
from course_utils.training.progress import History

RUN = RunLevel("ci", 2, 64, 8, 4, batch_size=4, steps=2)
TWO = ("fcn32s", "segnet")
KEYS = {system.key: system for system in SYSTEMS}


@pytest.fixture(scope="module")
def data():
    return course_data(RUN, choice="scenes")


@pytest.fixture(scope="module")
def two(data, tmp_path_factory):
    """The folder and the wall of two models, seed 0."""
    folder = tmp_path_factory.mktemp("wall")
    return folder, run_wall(RUN, data, models=TWO, folder=folder)


@pytest.fixture
def train_nothing(monkeypatch):
    """Count trainings and stop each."""
    asked = []

    def train(self, name, make, **options):
        asked.append((name, self.run.seed))
        raise KeyboardInterrupt

    monkeypatch.setattr(TrainingProtocol, "train", train)
    return asked


def test_every_model_of_the_course_hangs_on_the_wall():
    assert len(SYSTEMS) == 10
    assert len(MODELS) == 9
    assert [s.key for s in systems_of("deeplab_v1")] == ["deeplab_v1", "deeplab_v1_crf"]
    assert KEYS["unet"].month == (2015, 5)


def test_two_models_are_trained_and_their_figures_kept(two):
    folder, wall = two
    assert [system.key for system in wall.systems] == list(TWO)
    (entry,) = wall.entries(KEYS["segnet"])
    assert 0 <= entry["boundary_iou"] <= 1 and 0 <= entry["mean_iou"] <= 1
    assert len(entry["recall"]) == len(entry["num_objects"]) == 6
    assert entry["found"] <= entry["large"] and entry["minutes"] > 0
    assert entry["costs"]["output_stride"] == 1 and entry["costs"]["latency"] > 0
    assert entry["start"] == "scratch" and len(entry["history"]["mean_iou"]) == 1
    assert {"commit", "device", "torch", "python"} <= entry.keys()
    assert [path.name for path in folder.glob("*.json")] == [
        "07_one_wall_scenes_ci_seed0.json"
    ]
    assert list(folder.rglob("*.tmp")) == []


def test_predictions_are_kept_in_the_colors_of_voc(two, data):
    _, wall = two
    system = KEYS["fcn32s"]
    maps = wall.predictions()[system.title]
    assert wall.shown == (0, 3) and len(maps) == 2
    picture = Image.open(wall.picture(system, 3))
    assert picture.mode == "P" and picture.size == (64, 64)
    assert picture.getpalette()[: 3 * 21] == colormap(VOC)[:21].ravel().tolist()
    torch.testing.assert_close(
        torch.from_numpy(wall.scenes[1][1]), data.val.tensors[1][3]
    )


def test_what_is_there_is_not_trained_again(two, data, train_nothing, capsys):
    folder, wall = two
    again = run_wall(RUN, data, models=TWO, folder=folder)
    assert train_nothing == []
    assert "segnet, seed 0: stored before" in capsys.readouterr().out
    assert again.seeds == wall.seeds or math.isnan(
        again.seeds[0]["segnet"]["recall"][5]
    )


def test_what_is_missing_is_trained(two, data, train_nothing):
    folder, _ = two
    for options in (
        {"models": ("unet",)},
        {"models": TWO, "seeds": (1,)},
        {"models": TWO, "again": True},
    ):
        with pytest.raises(KeyboardInterrupt):
            run_wall(RUN, data, folder=folder, **options)
    assert train_nothing == [("U-Net", 0), ("FCN-32s", 1), ("FCN-32s", 0)]


def test_a_lost_prediction_is_made_again(two, data, train_nothing, tmp_path):
    system = KEYS["fcn32s"]
    shutil.copytree(two[0], tmp_path, dirs_exist_ok=True)
    wall = run_wall(RUN, data, models=["fcn32s"], folder=tmp_path)
    assert train_nothing == []
    wall.picture(system, 3).unlink()
    with pytest.raises(KeyboardInterrupt):
        run_wall(RUN, data, models=["fcn32s"], folder=tmp_path)


def test_seeds_have_files_of_their_own_and_hang_together(data, tmp_path):
    run_wall(RUN, data, models=["fcn32s"], seeds=[1], folder=tmp_path)
    assert list(tmp_path.rglob("*.png")) == []  # predictions are those of seed 0
    before = file_of(tmp_path, "ci", "scenes", 1).read_bytes()
    wall = run_wall(RUN, data, models=["fcn32s", "fcn8s"], folder=tmp_path)
    assert file_of(tmp_path, "ci", "scenes", 1).read_bytes() == before
    assert list(wall.seeds) == [0, 1] and len(list(tmp_path.rglob("*.png"))) == 4
    assert len(wall.values(KEYS["fcn32s"], "mean_iou")) == 2
    assert len(wall.values(KEYS["fcn8s"], "mean_iou")) == 1


def test_the_crf_refines_the_very_net_of_the_row_above(data, tmp_path, capsys):
    wall = run_wall(RUN, data, models=["deeplab_v1"], folder=tmp_path)
    plain, refined = (wall.entries(s)[0] for s in systems_of("deeplab_v1"))
    assert plain["history"] == refined["history"]
    assert refined["costs"]["output_stride"] == 1
    assert math.isnan(refined["costs"]["receptive_field"])
    assert plain["costs"]["receptive_field"] == 435
    printed = capsys.readouterr().out
    assert "DeepLab v1, seed 0: " in printed and "DeepLab v1 + CRF, seed 0: " in printed
    assert set(wall.predictions()) == {"DeepLab v1", "DeepLab v1 + CRF"}


def test_vgg16s_weights_are_for_the_nets_that_stand_on_it(data, tmp_path, monkeypatch):
    asked, given = {}, []

    def make_net(model, num_classes, base_channels, weights):
        given.append(weights)
        return torch.nn.Identity()

    def train(self, name, make):
        make()
        asked[name] = self.start, self.lr, given.pop()
        raise KeyboardInterrupt

    monkeypatch.setattr(TrainingProtocol, "train", train)
    monkeypatch.setattr(run, "make_net", make_net)
    for model in ("unet", "dilatednet"):
        with pytest.raises(KeyboardInterrupt):
            options = {"weights": "a/vgg16.pt", "folder": tmp_path}
            run_wall(RUN, data, models=[model], **options)
    assert asked["U-Net"] == ("scratch", 1e-3, None)
    assert asked["front-end"] == ("vgg16", 3e-4, "a/vgg16.pt")


def test_of_photographs_only_figures_are_stored(data, tmp_path):
    voc = dataclasses.replace(data, name="voc")
    wall = run_wall(RUN, voc, models=["fcn32s"], folder=tmp_path)
    assert wall.shown == () and wall.predictions() == {}
    assert [path.name for path in tmp_path.iterdir()] == [
        "07_one_wall_voc_ci_seed0.json"
    ]


def test_an_interrupted_training_goes_on(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_CHECKPOINTS", str(tmp_path / "checkpoints"))
    run = dataclasses.replace(RUN, name="laptop", steps=6)  # 3 epochs
    fit, write = protocol.fit, checkpoints.save_checkpoint

    def stop_at_the_second(file, model, **progress):
        write(file, model, **progress)
        if len(progress["history"]["train_loss"]) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(
        protocol, "fit", lambda *a, **o: fit(*a, **{**o, "checkpoint_seconds": 0})
    )
    monkeypatch.setattr(checkpoints, "save_checkpoint", stop_at_the_second)
    options = {"models": ["fcn32s"], "folder": tmp_path}
    with pytest.raises(KeyboardInterrupt):
        run_wall(run, data, **options)
    monkeypatch.setattr(checkpoints, "save_checkpoint", write)
    wall = run_wall(run, data, **options)
    assert "going on after epoch 2, from 07_FCN-32s" in capsys.readouterr().out
    assert len(wall.entries(KEYS["fcn32s"])[0]["history"]["train_loss"]) == 3
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_what_was_made_otherwise_is_refused_before_training(two, data, train_nothing):
    folder, _ = two
    other = dataclasses.replace(RUN, steps=3)
    with pytest.raises(
        ValueError, match=r"seed\*\.json must be of this protocol, but "
    ):
        run_wall(other, data, models=["unet"], folder=folder)
    with pytest.raises(ValueError, match=r"its weights is none, not vgg16\.pt"):
        run_wall(RUN, data, models=["unet"], weights="a/vgg16.pt", folder=folder)
    assert train_nothing == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"models": ["resnet"]}, "models must be some of fcn32s, .*, got 'resnet'"),
        ({"seeds": [0, -1]}, "seeds must be one or more numbers from 0 up"),
        ({"seeds": []}, "seeds must be one or more numbers from 0 up"),
    ],
)
def test_wrong_arguments_are_refused(data, tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        run_wall(RUN, data, folder=tmp_path, **options)


def test_a_perfect_prediction_tears_nothing_and_finds_everything(data):
    targets = data.val.tensors[1]
    found = measure.quality(
        TrainingProtocol("07", RUN, data), targets.where(targets != 255, 0)
    )
    assert (found["mean_iou"], found["boundary_iou"]) == (1, 1)
    known = [r for r, n in zip(found["recall"], found["num_objects"], strict=True) if n]
    assert known == [1] * len(known)
    assert found["found"] == found["large"] > 0
    assert found["inconsistency"] == 0


def test_where_all_is_background_no_large_object_is_found(data):
    nothing = torch.zeros_like(data.val.tensors[1])
    found = measure.quality(TrainingProtocol("07", RUN, data), nothing)
    assert found["found"] == 0 and found["large"] > 0
    assert math.isnan(found["inconsistency"])


def test_a_training_lasts_as_long_as_its_epochs():
    # 120 images at 2/s, then at 4/s: 60 s + 30 s
    history = History([1.0, 1.0], [0.1, 0.2], [2.0, 4.0], peak_memory=7)
    costs = measure.training_costs(history, 120)
    assert costs["minutes"] == pytest.approx(1.5)
    assert costs["peak_memory"] == 7


@pytest.mark.parametrize(
    ("model", "stride", "field", "millions"),
    [  # learned numbers with batch normalization, at 21 classes
        ("fcn32s", 32, 404, 134.4),
        ("fcn16s", 16, 404, 134.4),
        ("fcn8s", 8, 404, 134.4),
        ("segnet", 1, 392, 29.5),
        ("deeplab_v1", 8, 435, 20.5),
        ("dilatednet", 8, 908, 134.4),
    ],
)
def test_strides_and_fields_are_those_of_the_last_layers(
    model, stride, field, millions
):
    with torch.device("meta"):
        net = make_net(model, 21, 64, None)
    costs = count_costs(net, (64, 64))
    assert costs["output_stride"] == stride
    assert costs["receptive_field"] == field
    assert costs["parameters"] / 1e6 == pytest.approx(millions, abs=0.05)


def test_dense_nets_are_tested_by_their_batch():
    assert make_net("fc_densenet56", 3, 4, None).batch_statistics


def test_the_crf_leaves_the_padding_alone(data, monkeypatch):
    def all_cats(probs, picture):
        assert probs.shape[1:] == picture.shape[1:] == (40, 64)
        return torch.nn.functional.one_hot(
            torch.full(probs.shape[1:], 8), len(probs)
        ).permute(2, 0, 1)

    monkeypatch.setattr(measure, "refine", all_cats)
    short = dataclasses.replace(data, val_sizes=torch.tensor([[40, 64]] * 4))
    net = torch.nn.Conv2d(3, 21, 1)
    torch.nn.init.zeros_(net.weight)
    net.bias.data = torch.arange(21.0)  # class 20 everywhere
    prediction = measure.predict_with_crf(net, short, batch_size=3)
    assert prediction.dtype == torch.uint8
    assert (prediction[:, :40] == 8).all() and (prediction[:, 40:] == 20).all()


def test_adding_keeps_what_is_there_and_nan_becomes_null(tmp_path):
    path, rng = tmp_path / "a.json", np.random.default_rng(0)
    head = {"seed": 3, "settings": {"steps": 1}}
    unet, fcn = KEYS["unet"], KEYS["fcn32s"]
    add_entries(path, head, {"unet": fake_entry(unet, rng)})
    entry = fake_entry(fcn, rng) | {"inconsistency": math.nan}
    add_entries(path, head, {"fcn32s": entry})
    written = json.loads(path.read_text())
    assert list(written["systems"]) == ["fcn32s", "unet"]
    assert written["systems"]["fcn32s"]["inconsistency"] is None
    assert math.isnan(read_figures(path)["systems"]["fcn32s"]["inconsistency"])
    with pytest.raises(ValueError, match="its steps is 1, not 2"):
        add_entries(path, {"seed": 3, "settings": {"steps": 2}}, {})


@pytest.mark.parametrize("text", ["{", "[]", '{"seed": 0}'])
def test_a_damaged_file_is_named(tmp_path, text):
    path = file_of(tmp_path, "full", "scenes", 0)
    path.write_text(text)
    with pytest.raises(ValueError, match=r"seed0\.json must hold a wall's figures"):
        load_wall("full", "scenes", folder=tmp_path)


def test_nothing_stored_is_an_empty_wall(tmp_path):
    wall = load_wall("full", "scenes", folder=tmp_path / "none")
    assert wall.systems == () and wall.predictions() == {} and wall.figures() == {}
    assert wall.scenes == ([], [])
    assert "nothing is stored of scenes at full" in text_table(wall)
    for show in (markdown_table, draw_wall, lambda one: draw_scene(one, 0)):
        with pytest.raises(ValueError, match="python -m course_utils wall"):
            show(wall)


def test_the_wall_has_a_row_a_system_and_a_column_a_scene(tmp_path):
    wall = write_fake_wall(tmp_path)
    assert draw_wall(wall).shape == (12, 2)
    axes = draw_scene(wall, 1)
    assert axes[0].get_title() == "image"
    assert axes[2].get_title().startswith("FCN-32s: ")


def test_a_table_shows_the_spread_and_where_it_is_from(tmp_path):
    wall = write_fake_wall(tmp_path, seeds=(0, 1, 2))
    table = markdown_table(wall)
    values = 100 * wall.values(KEYS["unet"], "mean_iou")
    low, mean, high = values.min(), values.mean(), values.max()
    assert f"| U-Net | {mean:.1f} ({low:.1f} to {high:.1f}) |" in table
    assert "| 8 | 908 | 134.40 | 148.0 |" in table  # DilatedNet's costs
    assert "71.3 (VOC 2012 val, from ImageNet, COCO too)" in table
    assert "Mean of seeds 0, 1, 2" in table and "commit made up" in table
    assert "FC-DenseNet56" in text_table(wall)


def test_one_seed_has_no_spread():
    assert spread(np.array([0.5])) == "50.0"
    assert spread(np.array([0.5, math.nan, 0.6])) == "55.0 (50.0 to 60.0)"
    assert spread(np.array([math.nan])) == "-"


def test_figures_have_the_names_that_claims_use(tmp_path):
    wall = write_fake_wall(tmp_path, seeds=(4,), systems=[KEYS["segnet"]])
    (entry,) = wall.entries(KEYS["segnet"])
    figures = wall.figures()["4"]
    # 9, 40 and 60 objects below 8, 16 and 32 pixels
    small = np.average(entry["recall"][:3], weights=[9, 40, 60])
    assert figures["SegNet: recall of small objects"] == pytest.approx(small)
    assert figures["SegNet: mean IoU"] == entry["mean_iou"]
    assert figures["SegNet: parameters, M"] == pytest.approx(29.5)
    assert figures["SegNet: latency, ms"] == 1000 * entry["costs"]["latency"]


def test_walls_of_different_protocols_do_not_hang_together(tmp_path):
    write_fake_wall(tmp_path, seeds=(0,), steps=1)
    with pytest.raises(ValueError, match="its steps is "):
        write_fake_wall(tmp_path, seeds=(1,), steps=2)
