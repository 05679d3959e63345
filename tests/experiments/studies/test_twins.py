import math

import pytest
import torch

from course_utils.experiments.studies import twins
from course_utils.experiments.studies.twins import choose_pair, draw_twins, told_apart
from course_utils.labels import VOC

CHOSEN = {"sections of the bus, count": 8, "sections of the train, count": 9}
BUS, TRAIN = VOC.names.index("bus"), VOC.names.index("train")


def test_told_apart_counts_pixels_that_are_called_bus_or_train():
    targets = torch.tensor([[[BUS] * 5 + [TRAIN] * 4 + [0]]])
    prediction = torch.tensor(
        [[[BUS, BUS, TRAIN, 0, 3, TRAIN, TRAIN, TRAIN, BUS, BUS]]]
    )
    # Of the bus's pixels 2 of 3, of the train's 3 of 4
    assert told_apart(prediction, targets) == pytest.approx((2 / 3 + 3 / 4) / 2)
    assert told_apart(torch.full_like(targets, BUS), targets) == 0.5
    assert math.isnan(told_apart(torch.zeros_like(targets), targets))


def test_twins_are_scenes_of_half_the_number(trial):
    data = draw_twins(trial, (6, 9), "train", "val")
    assert len(data.train) == 4 and len(data.val) == 2
    for part in (data.train, data.val):
        assert part.tensors[0].shape[1:] == (3, 64, 64)
        for _, target in part:
            assert {BUS, TRAIN} <= set(target.unique().tolist())


@pytest.fixture
def deeplab_finds(monkeypatch):
    """Let DeepLab tell apart what the test says, pair by pair."""

    def set_up(*found):
        left = list(found)
        monkeypatch.setattr(twins, "_deeplab", lambda *_: {"": left.pop(0)})
        monkeypatch.setattr(twins, "draw_twins", lambda *_: None)

    return set_up


def test_the_first_pair_is_taken_that_is_hard_enough(trial, deeplab_finds):
    deeplab_finds(0.99, math.nan, 0.8)
    assert choose_pair(trial) == twins.PAIRS[2]
    assert trial.file.figures(3)["sections of the bus, count"] == twins.PAIRS[2][0]


def test_if_none_is_hard_the_hardest_is_taken(trial, deeplab_finds):
    deeplab_finds(*[0.99] * len(twins.PAIRS))
    assert choose_pair(trial) == twins.PAIRS[-1]


def test_other_seeds_take_the_pair_of_the_first(trial, deeplab_finds):
    trial.file.add(0, CHOSEN)
    deeplab_finds()
    assert choose_pair(trial) == (8, 9)
    assert trial.is_stored("sections of the bus, count")


def test_nets_and_modules_are_trained_on_the_chosen_pair(trial):
    trial.file.add(0, CHOSEN)
    twins.measure(trial)
    for name in ("DeepLab v1", "front-end", "no neighbors", "context module"):
        assert trial.is_stored(
            f"{name}, N steps: told apart", f"{name}, 2N steps: told apart"
        )
