"""DilatedNet's two trainings in the benchmark: together as long as one."""

import copy
import dataclasses

import numpy as np
import pytest
import torch

from course_utils.datasets.course import course_data
from course_utils.experiments import protocol
from course_utils.experiments.benchmark.run import run_benchmark
from course_utils.experiments.benchmark.systems import MODELS, make_net
from course_utils.experiments.benchmark.training import (
    _center_logits,
    _OnFrozen,
    train_net,
    trainings_of,
)
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.models.dilatednet import ContextModule, DilatedNet
from course_utils.settings import RunLevel
from course_utils.training import checkpoints
from course_utils.training.evaluation import predict, predict_logits

RUN = RunLevel("ci", 2, 64, 8, 4, batch_size=4, steps=16)  # 8 epochs of 2 batches


@pytest.fixture(scope="module")
def data():
    return course_data(RUN, choice="scenes")


def make(model="dilatednet"):
    return make_net(model, 21, RUN.base_channels, None)


def learning_net():
    """Make a DilatedNet whose logits are not all alike, its context module aside."""
    torch.manual_seed(0)
    net = DilatedNet(21, base_channels=2, batch_norm=True)
    torch.nn.init.normal_(net.front_end.score.weight)
    return net


def test_only_dilatednet_takes_two_trainings():
    assert trainings_of("unet") == ("U-Net",)
    assert trainings_of("deeplab_v1") == ("DeepLab v1",)
    assert trainings_of("dilatednet") == ("front-end", "DilatedNet")
    assert sum(len(trainings_of(model)) for model in MODELS) == len(MODELS) + 1


@pytest.fixture(scope="module")
def whole(data):
    """A training in both parts, and what each was: name, steps, net at its start."""
    asked, train = [], TrainingProtocol.train

    def watched(self, name, make):
        net = make()
        asked.append((name, self.run.steps, copy.deepcopy(net)))
        return train(self, name, make)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TrainingProtocol, "train", watched)
        protocol = TrainingProtocol("07", RUN, data)
        return train_net(protocol, "dilatednet", make), asked


def test_the_context_module_gets_the_last_quarter_of_the_epochs(whole):
    trained, asked = whole
    steps = [(name, steps) for name, steps, _ in asked]
    assert steps == [("front-end", 12), ("DilatedNet", 4)]
    history = trained.history
    assert len(history.train_loss) == len(history.mean_iou) == 8
    assert len(history.images_per_second) == 8
    assert [run["epochs"] for run in history.runs] == [6, 2]


def test_the_shortest_training_has_both_parts(data):
    run = dataclasses.replace(RUN, steps=1)
    trained = train_net(TrainingProtocol("07", run, data), "dilatednet", make)
    assert len(trained.history.train_loss) == 2


def test_the_last_training_changes_the_context_module_alone(whole):
    trained, asked = whole
    net, before = trained.model, asked[1][2].net.front_end.state_dict()
    assert isinstance(net, DilatedNet) and isinstance(net.context, ContextModule)
    assert not net.training
    torch.testing.assert_close(net.front_end.state_dict(), before, rtol=0, atol=0)
    # Weight decay alone moves weights, but no bias that starts at 0
    assert net.context.layers[0].bias.abs().max() > 0
    assert net.context.layers[-1].bias.abs().max() > 0
    assert all(p.requires_grad for p in net.parameters())


def test_a_net_on_a_frozen_one_draws_no_new_statistics():
    net = _OnFrozen(learning_net(), ContextModule(21)).train()
    assert net.net.context.training and not net.net.front_end.training
    before = copy.deepcopy(net.net.front_end.state_dict())
    net(torch.rand(2, 3, 64, 64)).sum().backward()
    assert all(p.grad is None for p in net.net.front_end.parameters())
    assert all(p.grad is not None for p in net.net.context.parameters())
    after = net.net.front_end.state_dict()
    torch.testing.assert_close(after, before, rtol=0, atol=0)


def test_centered_logits_say_the_same_with_a_mean_of_0():
    net = learning_net()
    net.context = torch.nn.Identity()
    images = torch.randint(256, (18, 3, 64, 64), dtype=torch.uint8)
    images[16:] = 0  # a last batch that is smaller, and unlike the others
    before = predict(net, images)
    _center_logits(net, images)
    logits = torch.cat(list(predict_logits(net.front_end, images)))
    assert abs(logits.float().mean()) < 1e-3
    assert (predict(net, images) == before).float().mean() > 0.999


def test_an_interrupted_second_training_goes_on(
    data, whole, tmp_path, monkeypatch, capsys
):
    run = dataclasses.replace(RUN, name="laptop")
    monkeypatch.setenv("COURSE_CHECKPOINTS", str(tmp_path / "checkpoints"))
    fit, write = protocol.fit, checkpoints.save_checkpoint

    def stop_in_the_second(file, model, **progress):
        write(file, model, **progress)
        if isinstance(model, _OnFrozen) and len(progress["history"]["train_loss"]) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(
        protocol, "fit", lambda *a, **o: fit(*a, **{**o, "checkpoint_seconds": 0})
    )
    monkeypatch.setattr(checkpoints, "save_checkpoint", stop_in_the_second)
    options = {"models": ["dilatednet"], "folder": tmp_path / "results"}
    with pytest.raises(KeyboardInterrupt):
        run_benchmark(run, data, **options)
    monkeypatch.setattr(checkpoints, "save_checkpoint", write)
    capsys.readouterr()
    benchmark = run_benchmark(run, data, **options)
    printed = capsys.readouterr().out
    assert "trained before: loaded 07_front-end" in printed
    assert "going on after epoch 1, from 07_DilatedNet" in printed
    assert list((tmp_path / "checkpoints").iterdir()) == []
    (system,) = benchmark.systems
    (entry,) = benchmark.entries(system)
    expected = whole[0].history.train_loss
    assert entry["history"]["train_loss"] == pytest.approx(expected)
    resumed = benchmark.predictions()[system.title]
    for index, prediction in zip(benchmark.shown, resumed, strict=True):
        np.testing.assert_array_equal(prediction, whole[0].prediction[index])
