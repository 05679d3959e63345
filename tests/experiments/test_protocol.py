import pytest
import torch
from torch import nn
from torch.utils.data import TensorDataset

from course_utils.datasets.course import CourseData
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.labels import VOC
from course_utils.settings import RunLevel


def tiny_data():
    images = torch.zeros(8, 3, 32, 64, dtype=torch.uint8)
    targets = torch.zeros(8, 32, 64, dtype=torch.uint8)
    images[..., 32:], targets[..., 32:] = 255, 7  # a car that is white
    targets[..., 40:42] = 255
    pairs = TensorDataset(images, targets)
    sizes = torch.tensor([[32, 64]]).repeat(8, 1)
    return CourseData("scenes", VOC, pairs, pairs, sizes, sizes)


@pytest.fixture
def protocol(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CHECKPOINTS", str(tmp_path))
    return TrainingProtocol(
        "09", RunLevel("laptop", 4, 64, 8, 8, 4, 40, seed=3), tiny_data()
    )


def test_every_model_starts_from_the_runs_seed_and_is_scored(protocol):
    drawn = []

    def make():
        drawn.append(torch.rand(1).item())
        return nn.Conv2d(3, 21, 1)

    first, second = (protocol.train(name, make) for name in ("a", "b"))
    assert drawn[0] == drawn[1]
    assert first.history.train_loss == second.history.train_loss
    assert len(first.history.train_loss) == 20  # 40 steps of 2 batches
    assert first.prediction.shape == (8, 32, 64)
    assert first.prediction.dtype == torch.uint8
    assert first.scores == protocol.score(first.prediction)
    assert not first.model.training


def test_scores_are_over_all_pixels_and_near_borders(protocol):
    targets = protocol.data.val.tensors[1]
    assert protocol.score(targets).mean_iou == protocol.score(targets).boundary_iou == 1
    shifted = targets.clone()
    shifted[..., 32] = 0  # one column of car is missed, and void counts for nothing
    # background: 32 of 33 columns; car: 29 of 30
    assert protocol.score(shifted).mean_iou == pytest.approx((32 / 33 + 29 / 30) / 2)
    # 3 columns beside the border, and of the car 3 on either side of void as well:
    # background 3 of 4, car 8 of 9
    assert protocol.score(shifted).boundary_iou == pytest.approx((3 / 4 + 8 / 9) / 2)


def test_trained_weights_take_a_lower_learning_rate(protocol):
    pretrained = TrainingProtocol("09", protocol.run, protocol.data, "some/vgg16.pt")
    assert (protocol.lr, pretrained.lr) == (0.05, 0.015)
    assert pretrained.start == "vgg16"
