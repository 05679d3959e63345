"""The benchmark: what is trained, measured, stored and read again, on tiny scenes."""

import dataclasses
import json
import math
import re
import shutil

import numpy as np
import pytest
import torch
from fake_benchmark import fake_entry, write_fake_benchmark
from PIL import Image

from course_utils.datasets.course import course_data
from course_utils.experiments.benchmark import (
    MODELS,
    SYSTEMS,
    count_costs,
    draw_benchmark,
    draw_scene,
    load_benchmark,
    make_net,
    markdown_table,
    measure,
    run,
    run_benchmark,
    systems_of,
)
from course_utils.experiments.benchmark.store import add_entries, file_of
from course_utils.experiments.benchmark.tables import _spread
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.labels import VOC, colormap
from course_utils.settings import RunLevel
from course_utils.training.optimizers import LEARNING_RATES
from course_utils.training.progress import History

RUN = RunLevel("ci", 2, 64, 8, 4, batch_size=4, steps=2)
TWO = ("fcn32s", "segnet")
KEYS = {system.key: system for system in SYSTEMS}


@pytest.fixture(scope="module")
def data():
    return course_data(RUN, choice="scenes")


@pytest.fixture(scope="module")
def two(data, tmp_path_factory):
    """The folder and the results of two models, seed 0."""
    folder = tmp_path_factory.mktemp("results")
    return folder, run_benchmark(RUN, data, models=TWO, folder=folder)


@pytest.fixture
def train_nothing(monkeypatch):
    """Count trainings and stop each."""
    asked = []

    def train(self, name, make, **options):
        asked.append((name, self.run.seed))
        raise KeyboardInterrupt

    monkeypatch.setattr(TrainingProtocol, "train", train)
    return asked


def test_every_model_of_the_course_is_in_the_benchmark():
    assert len(SYSTEMS) == 10
    assert len(MODELS) == 9
    assert [s.key for s in systems_of("deeplab_v1")] == ["deeplab_v1", "deeplab_v1_crf"]
    assert KEYS["unet"].month == (2015, 5)


def test_two_models_are_trained_and_their_figures_kept(two):
    folder, benchmark = two
    assert [system.key for system in benchmark.systems] == list(TWO)
    (entry,) = benchmark.entries(KEYS["segnet"])
    assert 0 <= entry["boundary_iou"] <= 1 and 0 <= entry["mean_iou"] <= 1
    assert len(entry["recall"]) == len(entry["num_objects"]) == 6
    assert entry["found"] <= entry["large"] and entry["minutes"] > 0
    assert entry["costs"]["output_stride"] == 1 and entry["costs"]["latency"] > 0
    assert entry["start"] == "scratch" and len(entry["history"]["mean_iou"]) == 1
    assert {"commit", "device", "torch", "python"} <= entry.keys()
    files = [path.name for path in folder.rglob("*") if path.suffix not in ("", ".png")]
    assert files == ["07_one_wall_scenes_ci_seed0.json"]


def test_predictions_are_kept_in_the_colors_of_voc(two, data):
    _, benchmark = two
    system = KEYS["fcn32s"]
    maps = benchmark.predictions()[system.title]
    assert benchmark.shown == (0, 3) and len(maps) == 2
    picture = Image.open(benchmark.prediction_file(system, 3))
    assert picture.mode == "P" and picture.size == (64, 64)
    assert picture.getpalette()[: 3 * 21] == colormap(VOC)[:21].ravel().tolist()
    torch.testing.assert_close(
        torch.from_numpy(benchmark.scenes[1][1]), data.val.tensors[1][3]
    )


def test_what_is_there_is_not_trained_again_and_what_is_missing_is(
    two, data, train_nothing, tmp_path, capsys
):
    folder = shutil.copytree(two[0], tmp_path, dirs_exist_ok=True)
    again = run_benchmark(RUN, data, models=TWO, folder=folder)
    assert train_nothing == []
    assert "segnet, seed 0: already stored" in capsys.readouterr().out
    assert again.seeds == two[1].seeds
    again.prediction_file(KEYS["segnet"], 3).unlink()
    for options in (
        {"models": ("unet",)},
        {"models": TWO},  # a prediction is lost
        {"models": TWO, "seeds": (1,)},
        {"models": TWO, "again": True},
    ):
        with pytest.raises(KeyboardInterrupt):
            run_benchmark(RUN, data, folder=folder, **options)
    expected = [("U-Net", 0), ("SegNet", 0), ("FCN-32s", 1), ("FCN-32s", 0)]
    assert train_nothing == expected


def test_seeds_have_files_of_their_own_and_are_shown_together(data, tmp_path):
    run_benchmark(RUN, data, models=["fcn32s"], seeds=[1], folder=tmp_path)
    assert list(tmp_path.rglob("*.png")) == []  # predictions are those of seed 0
    before = file_of(tmp_path, "ci", "scenes", 1).read_bytes()
    benchmark = run_benchmark(RUN, data, models=["fcn32s", "fcn8s"], folder=tmp_path)
    assert file_of(tmp_path, "ci", "scenes", 1).read_bytes() == before
    assert list(benchmark.seeds) == [0, 1] and len(list(tmp_path.rglob("*.png"))) == 4
    assert len(benchmark.values(KEYS["fcn32s"], "mean_iou")) == 2
    assert len(benchmark.values(KEYS["fcn8s"], "mean_iou")) == 1


def test_the_crf_refines_the_very_net_of_the_row_above(data, tmp_path, capsys):
    benchmark = run_benchmark(RUN, data, models=["deeplab_v1"], folder=tmp_path)
    plain, refined = (benchmark.entries(s)[0] for s in systems_of("deeplab_v1"))
    assert plain["history"] == refined["history"]
    assert refined["costs"]["output_stride"] == 1
    fields = [benchmark.cost(s, "receptive_field") for s in systems_of("deeplab_v1")]
    assert fields[0] == 435 and math.isnan(fields[1])
    printed = capsys.readouterr().out
    assert "DeepLab v1, seed 0: " in printed and "DeepLab v1 + CRF, seed 0: " in printed
    assert set(benchmark.predictions()) == {"DeepLab v1", "DeepLab v1 + CRF"}


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
            run_benchmark(RUN, data, models=[model], **options)
    rate = LEARNING_RATES["muon"]
    assert asked["U-Net"] == ("scratch", rate, None)
    assert asked["DilatedNet"] == ("vgg16", 0.3 * rate, "a/vgg16.pt")


def test_of_photographs_only_figures_are_stored(data, tmp_path):
    voc = dataclasses.replace(data, name="voc")
    benchmark = run_benchmark(RUN, voc, models=["fcn32s"], folder=tmp_path)
    assert benchmark.shown == () and benchmark.predictions() == {}
    (path,) = tmp_path.iterdir()
    assert path.name == "07_one_wall_voc_ci_seed0.json"


def test_what_was_made_otherwise_is_refused_before_training(two, data, train_nothing):
    folder, _ = two
    other = dataclasses.replace(RUN, steps=3)
    with pytest.raises(ValueError, match=r"seed0\.json must .* but its steps is 2, no"):
        run_benchmark(other, data, models=["unet"], folder=folder)
    with pytest.raises(ValueError, match=r"its weights is none, not vgg16\.pt"):
        run_benchmark(RUN, data, models=["unet"], weights="a/vgg16.pt", folder=folder)
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
        run_benchmark(RUN, data, folder=tmp_path, **options)


def test_a_perfect_prediction_finds_everything_and_background_nothing(data):
    targets, protocol = data.val.tensors[1], TrainingProtocol("07", RUN, data)
    found = measure.quality(protocol, targets.where(targets != 255, 0))
    assert (found["mean_iou"], found["boundary_iou"]) == (1, 1)
    known = [r for r, n in zip(found["recall"], found["num_objects"], strict=True) if n]
    assert known == [1] * len(known)
    assert found["found"] == found["large"] > 0
    assert found["inconsistency"] == 0
    found = measure.quality(protocol, torch.zeros_like(targets))
    assert found["found"] == 0 and found["large"] > 0
    assert math.isnan(found["inconsistency"])


def test_a_training_lasts_as_long_as_its_runs():
    runs = [{"minutes": 1.0}, {"minutes": 0.5}]
    history = History(images_per_second=[2.0, 4.0, 9.0], peak_memory=7, runs=runs)
    expected = {"images_per_second": 4.0, "peak_memory": 7, "minutes": 1.5}
    assert measure.training_costs(history) == expected


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


def test_dense_nets_train_without_dropout_and_are_tested_by_running_averages():
    net = make_net("fc_densenet56", 3, 4, None)
    assert {m.p for m in net.modules() if isinstance(m, torch.nn.Dropout)} == {0.0}
    assert not net.batch_statistics


def test_the_crf_leaves_the_padding_alone(data, monkeypatch):
    def all_cats(probs, image):
        assert probs.shape[1:] == image.shape[1:] == (40, 64)
        return torch.nn.functional.one_hot(
            torch.full(probs.shape[1:], 8), len(probs)
        ).permute(2, 0, 1)

    monkeypatch.setattr(measure, "_refine", all_cats)
    short = dataclasses.replace(data, val_sizes=torch.tensor([[40, 64]] * 4))
    net = torch.nn.Conv2d(3, 21, 1)
    torch.nn.init.zeros_(net.weight)
    net.bias.data = torch.arange(21.0)  # class 20 everywhere
    prediction = measure.predict_with_crf(net, short)
    assert prediction.dtype == torch.uint8
    assert (prediction[:, :40] == 8).all() and (prediction[:, 40:] == 20).all()


def test_adding_keeps_what_is_there_and_nan_becomes_null(tmp_path):
    path = file_of(tmp_path, "full", "scenes", 3)
    rng = np.random.default_rng(0)
    unet, fcn = KEYS["unet"], KEYS["fcn32s"]
    add_entries(path, 3, {"steps": 1}, {"unet": fake_entry(unet, rng)})
    entry = fake_entry(fcn, rng) | {"inconsistency": math.nan}
    add_entries(path, 3, {"steps": 1}, {"fcn32s": entry})
    written = json.loads(path.read_text())
    assert list(written["systems"]) == ["fcn32s", "unet"]
    assert written["systems"]["fcn32s"]["inconsistency"] is None
    stored = load_benchmark("full", "scenes", folder=tmp_path)
    assert np.isnan(stored.values(fcn, "inconsistency")).tolist() == [True]
    with pytest.raises(ValueError, match="its steps is 1, not 2"):
        add_entries(path, 3, {"steps": 2}, {})


@pytest.mark.parametrize("text", ["{", "[]", '{"seed": 0}'])
def test_a_damaged_file_is_named(tmp_path, text):
    path = file_of(tmp_path, "full", "scenes", 0)
    path.write_text(text)
    with pytest.raises(ValueError, match=r"seed0\.json must hold figures of the "):
        load_benchmark("full", "scenes", folder=tmp_path)


def test_where_nothing_is_stored_all_is_empty(tmp_path):
    benchmark = load_benchmark("full", "scenes", folder=tmp_path / "none")
    assert benchmark.systems == () and benchmark.scenes == ([], [])
    assert benchmark.predictions() == benchmark.evidence().seeds == {}
    for show in (markdown_table, draw_benchmark, lambda one: draw_scene(one, 0)):
        with pytest.raises(ValueError, match=r"none for scenes at full; .*-m cour"):
            show(benchmark)


def test_the_picture_has_a_row_a_system_and_a_column_a_scene(tmp_path):
    benchmark = write_fake_benchmark(tmp_path)
    assert draw_benchmark(benchmark).shape == (12, 2)
    axes = draw_scene(benchmark, 1)
    assert axes[0].get_title() == "image"
    assert axes[2].get_title().startswith("FCN-32s: ")


def test_a_table_shows_the_spread_and_where_it_is_from(tmp_path):
    benchmark = write_fake_benchmark(tmp_path, seeds=(0, 1, 2))
    table = re.sub(" +", " ", markdown_table(benchmark))  # columns are aligned
    values = 100 * benchmark.values(KEYS["unet"], "mean_iou")
    low, mean, high = values.min(), values.mean(), values.max()
    assert f"| U-Net | {mean:.1f} ({low:.1f} to {high:.1f}) |" in table
    assert "| 8 | 908 | 134.40 | 148.0 |" in table  # DilatedNet's costs
    assert "71.3 (VOC 2012 val, from ImageNet, COCO too)" in table
    assert "Mean of seeds 0, 1, 2" in table and "commit made up" in table


def test_one_seed_has_no_spread():
    assert _spread(np.array([0.5])) == "50.0"
    assert _spread(np.array([0.5, math.nan, 0.6])) == "55.0 (50.0 to 60.0)"
    assert _spread(np.array([math.nan])) == "-"


def test_figures_have_the_names_that_claims_use(tmp_path):
    benchmark = write_fake_benchmark(tmp_path, seeds=(4,), systems=[KEYS["segnet"]])
    (entry,) = benchmark.entries(KEYS["segnet"])
    evidence = benchmark.evidence()
    figures = evidence.seeds["4"]
    # 9, 40 and 60 objects below 8, 16 and 32 pixels
    small = np.average(entry["recall"][:3], weights=[9, 40, 60])
    assert figures["SegNet: recall of small objects"] == pytest.approx(small)
    assert figures["SegNet: mean IoU"] == entry["mean_iou"]
    assert figures["SegNet: parameters, M"] == pytest.approx(29.5)
    assert figures["SegNet: latency, ms"] == 1000 * entry["costs"]["latency"]
    assert evidence.source == "full, scenes, nowhere"
    assert evidence.steps == {"SegNet: mean IoU": 4}


def test_trainings_with_different_settings_are_not_shown_together(tmp_path):
    write_fake_benchmark(tmp_path, seeds=(0,), steps=1)
    with pytest.raises(ValueError, match="its steps is "):
        write_fake_benchmark(tmp_path, seeds=(1,), steps=2)
