import math

import pytest
import torch

from course_utils.experiments.studies import indices
from course_utils.experiments.studies.indices import (
    READERS,
    corner_offsets,
    corners,
    maps_at,
    probe_share,
)
from course_utils.models import DeconvNet


def test_corners_are_windows_in_which_one_cell_differs_from_three():
    target = torch.tensor(
        [
            [1, 0, 0, 0, 2, 2, 0, 9],
            [0, 0, 3, 0, 2, 0, 9, 9],
            [0, 1, 0, 1, 1, 2, 5, 5],
            [0, 1, 1, 0, 3, 3, 5, 255],
        ]
    )
    expected = torch.tensor([[0, 2, 3, 0], [-1, -1, -1, -1]])
    torch.testing.assert_close(corner_offsets(target[None], 1)[0], expected)
    larger = target.repeat_interleave(4, 0).repeat_interleave(4, 1)
    torch.testing.assert_close(corner_offsets(larger[None], 4)[0], expected)


@pytest.mark.parametrize("level", range(1, 6))
def test_maps_of_a_window_are_the_pooled_value_and_where_it_was(level):
    net = DeconvNet(3, base_channels=2).eval()
    with torch.no_grad():
        pooled, unpooled = maps_at(net, torch.randn(1, 3, 64, 64), level)
    side = 64 // 2**level
    assert pooled.shape == (1, net.stages[level - 1][0].out_channels, side, side)
    four = unpooled.unflatten(1, (-1, 4))
    torch.testing.assert_close(four.sum(dim=2), pooled)  # one place holds it
    assert ((four != 0).sum(dim=2) <= 1).all()


def test_a_probe_finds_what_is_linear_in_the_features():
    offsets = torch.randint(4, (400,))
    features = torch.randn(400, 30)
    features[torch.arange(400), offsets] += 8
    share = probe_share(features[:300], offsets[:300], features[300:], offsets[300:])
    assert share > 0.95


def test_a_probe_of_noise_is_right_by_chance():
    features, tested = torch.randn(1000, 10), torch.randn(2000, 10)
    offsets, expected = torch.randint(4, (1000,)), torch.randint(4, (2000,))
    share = probe_share(features, offsets, tested, expected)
    assert share == pytest.approx(0.25, abs=0.08)


def test_corners_come_with_the_windows_around_them(trial):
    net = DeconvNet(21, base_channels=2).eval()
    found = corners(net, trial, "train", 3)
    number = len(found.offsets)
    assert number > 0 and set(found.offsets.tolist()) <= {0, 1, 2, 3}
    assert found.features[READERS[0]].shape == (number, 8, 9)
    assert found.features[READERS[1]].shape == (number, 4 * 8, 9)


def test_pools_with_too_few_corners_are_left_out_of_the_mean(trial, monkeypatch):
    monkeypatch.setattr(indices, "_LEAST", 10**6)
    indices.measure(trial)
    figures = trial.file.figures(3)
    assert not math.isnan(figures.pop("DeconvNet: mean IoU"))
    assert all(math.isnan(value) for value in figures.values())
    assert trial.is_stored("with indices, 3×3 windows: found")
