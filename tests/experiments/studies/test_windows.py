import pytest
import torch
from torch import nn

from course_utils.experiments.studies import windows
from course_utils.experiments.studies.windows import (
    predict_by_windows,
    train_matched,
    window_slices,
    window_transform,
)
from course_utils.training import predict


def test_windows_are_the_whole_and_nine_halves_that_cover_it():
    slices = window_slices((64, 96))
    assert slices[0] == (slice(0, 64), slice(0, 96))
    assert len(slices) == 10
    assert {(r.stop - r.start, c.stop - c.start) for r, c in slices[1:]} == {(32, 48)}
    covered = torch.zeros(64, 96)
    for window in slices[1:]:
        covered[window] += 1
    assert covered.min() == 1 and covered[32, 48] == 4  # corners; the middle
    assert window_slices((64, 96), whole_only=True) == slices[:1]


def test_with_the_whole_alone_it_predicts_as_ever():
    net = nn.Conv2d(3, 5, 3, padding=1)
    images = torch.randint(0, 256, (3, 3, 64, 96), dtype=torch.uint8)
    whole = window_slices((64, 96), whole_only=True)
    same = predict_by_windows(net, images, whole, 5) == predict(net, images)
    assert same.double().mean() > 0.999  # ties apart


class FindsWhite(nn.Module):
    """Class 1 with the share of white in the window as its logit, against 0.6."""

    def forward(self, x):
        share = (x.amin(dim=1, keepdim=True) > 1).float().mean(dim=(2, 3), keepdim=True)
        rest = torch.full_like(x[:, :1], 0.6)
        return torch.cat([rest, share.expand_as(rest)], dim=1)


def test_the_largest_logit_of_all_windows_wins():
    net = FindsWhite()
    net.anchor = nn.Parameter(torch.zeros(1))  # tells the device
    images = torch.zeros(1, 3, 64, 64, dtype=torch.uint8)
    images[..., :32, :32] = 255
    prediction = predict_by_windows(net, images, window_slices((64, 64)), 2)
    # White is a quarter of the whole, all of one window, and half of its neighbors
    expected = torch.zeros(64, 64, dtype=torch.uint8)
    expected[:32, :32] = 1
    torch.testing.assert_close(prediction[0], expected)


def test_half_a_batch_sees_windows(trial):
    images = trial.data.train.tensors[0][:4]
    columns = torch.arange(64).expand(4, 64, 64).to(torch.uint8)
    _, targets = window_transform(trial)(images, columns)
    assert targets.shape == (4, 64, 64)
    known = [target[target != 255] for target in targets]
    # Enlarged 1.5 to 3 times, a crop of 64 pixels shows at most 64 / 1.5 columns
    assert all(len(part.unique()) <= 44 for part in known[2:])
    assert all(len(part.unique()) > 40 for part in known[:2])


@pytest.mark.parametrize("name", windows.NETS)
def test_both_nets_start_from_one_encoder(trial, monkeypatch, name):
    started = {}

    def train(title, make, steps, **options):
        torch.manual_seed(0)
        net = make()
        if title == "FCN-32s":
            for p in net.parameters():
                nn.init.normal_(p)
        started[title] = net
        return type("Result", (), {"model": net})

    monkeypatch.setattr(trial, "train", train)
    net = train_matched(trial, name, "windows", 2)
    source = started["FCN-32s"]
    for part in ("stages", "fc6", "fc7"):
        for ours, theirs in zip(
            getattr(net, part).parameters(),
            getattr(source, part).parameters(),
            strict=True,
        ):
            torch.testing.assert_close(ours, theirs)


def test_two_by_two_are_trained_and_tested_both_ways(trial):
    windows.measure(trial)
    assert len(trial.file.figures(3)) == 2 * 2 * 2 * 2 * 2  # … durations, tests, scores
    assert trial.is_stored(
        "DeconvNet, trained on windows, 2N steps: mean IoU by windows"
    )
