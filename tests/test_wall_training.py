"""DilatedNet's two trainings on the wall: one after the other, as long as one."""

import dataclasses
from functools import partial

import pytest
import torch

from course_utils.data.course_data import course_data
from course_utils.evaluation import predict, predict_logits
from course_utils.models.context import ContextModule
from course_utils.models.dilatednet import DilatedNet
from course_utils.protocol import Protocol
from course_utils.run_level import RunLevel
from course_utils.wall.systems import MODELS, make_net
from course_utils.wall.training import (
    OnFrozen,
    center_logits,
    train_net,
    trainings_of,
)

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


def test_the_context_module_gets_the_last_quarter_of_the_epochs(data, monkeypatch):
    took = []
    train = Protocol.train

    def watched(self, name, make):
        result = train(self, name, make)
        took.append((name, self.run.steps, len(result.history.train_loss)))
        return result

    monkeypatch.setattr(Protocol, "train", watched)
    trained = train_net(Protocol("07", RUN, data), "dilatednet", make)
    assert took == [("front-end", 12, 6), ("DilatedNet", 4, 2)]
    assert len(trained.history.train_loss) == len(trained.history.mean_iou) == 8
    assert len(trained.history.images_per_second) == 8


def test_the_shortest_training_has_both_parts(data):
    run = dataclasses.replace(RUN, steps=1)
    trained = train_net(Protocol("07", run, data), "dilatednet", make)
    assert len(trained.history.train_loss) == 2


def test_the_last_training_changes_the_context_module_alone(data, monkeypatch):
    seen = {}
    train = Protocol.train

    def watched(self, name, make):
        if name == "DilatedNet":
            wrapped = make()
            seen["front"] = {
                k: v.clone() for k, v in wrapped.net.front_end.state_dict().items()
            }
            seen["context"] = {
                k: v.clone() for k, v in wrapped.net.context.state_dict().items()
            }
            return train(self, name, lambda: wrapped)
        return train(self, name, make)

    monkeypatch.setattr(Protocol, "train", watched)
    net = train_net(Protocol("07", RUN, data), "dilatednet", make).model
    assert isinstance(net, DilatedNet) and isinstance(net.context, ContextModule)
    assert not net.training
    after = net.front_end.state_dict()
    assert all(torch.equal(value, after[k]) for k, value in seen["front"].items())
    after = net.context.state_dict()
    assert any(not torch.equal(value, after[k]) for k, value in seen["context"].items())
    learned = sum(p.numel() for p in net.parameters() if p.requires_grad)
    assert learned == sum(p.numel() for p in make().parameters())


def test_a_net_on_a_frozen_one_draws_no_new_statistics():
    net = OnFrozen(learning_net(), ContextModule(21)).train()
    assert net.net.context.training and not net.net.front_end.training
    before = {k: v.clone() for k, v in net.net.front_end.state_dict().items()}
    net(torch.rand(2, 3, 64, 64)).sum().backward()
    assert all(p.grad is None for p in net.net.front_end.parameters())
    assert all(p.grad is not None for p in net.net.context.parameters())
    after = net.net.front_end.state_dict()
    assert all(torch.equal(value, after[k]) for k, value in before.items())


def test_centered_logits_say_the_same_with_a_mean_of_0():
    net = learning_net()
    net.context = torch.nn.Identity()
    with torch.no_grad():
        net.front_end.score.bias -= 5
    images = torch.randint(256, (4, 3, 64, 64), dtype=torch.uint8)
    before = predict(net, images)
    center_logits(net, images)
    (logits,) = predict_logits(net.front_end, images)
    assert abs(logits.float().mean()) < 1e-2
    assert (predict(net, images) == before).float().mean() > 0.999


def test_every_other_net_takes_one_training(data):
    trained = train_net(Protocol("07", RUN, data), "fcn32s", partial(make, "fcn32s"))
    assert len(trained.history.train_loss) == 8
