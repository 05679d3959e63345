import pytest
import torch
from torch import nn

from course_utils.analysis.costs import inference_memory, measure_latency


class Reads(nn.Module):
    """Two convolutions; notes how each call found it."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 2, 3, padding=1)
        self.seen = []

    def forward(self, images):
        self.seen.append((tuple(images.shape), self.training, torch.is_grad_enabled()))
        return self.second(self.first(images))


def test_latency_is_the_median_of_passes_in_eval_mode(monkeypatch):
    times = iter([0, 9, 10, 13, 20, 21, 30, 32])  # 9 s to warm up, then 3, 1 and 2
    monkeypatch.setattr("time.perf_counter", lambda: next(times))
    model = Reads().train()
    assert measure_latency(model, (32, 48), batch_size=2, repeats=3) == 2
    assert model.seen == [((2, 3, 32, 48), False, False)] * 4
    assert model.training and model.first.training


def test_memory_is_what_is_alive_at_once():
    # 8 channels of 32×32 float32 are 32,768 bytes, and 2 are 8,192: both at the end
    assert inference_memory(Reads(), (32, 32)) == 32_768 + 8_192


def test_what_is_computed_in_place_or_looked_at_costs_nothing():
    layers = [nn.Conv2d(3, 8, 1), nn.ReLU(inplace=True), nn.Flatten(), nn.Identity()]
    assert inference_memory(nn.Sequential(*layers), (32, 32)) == 32_768


def test_what_is_kept_for_later_counts_and_what_is_dropped_does_not():
    class Skip(Reads):
        def forward(self, images):
            x = self.first(images)
            return self.second(x.relu().relu()) + x[:, :2]

    # x and two outputs of ReLU, of which the first is dropped once the second is there
    assert inference_memory(Skip(), (32, 32)) == 3 * 32_768


def test_indices_of_pooling_are_counted_with_eight_bytes():
    pool = nn.MaxPool2d(2, return_indices=True)
    model = nn.Sequential(nn.Conv2d(3, 8, 1), pool)
    assert inference_memory(model, (32, 32)) == 32_768 + 8 * 16 * 16 * (4 + 8)


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_counting_memory_changes_nothing(device):
    with torch.device(device):
        model = Reads().train()
    model.second.eval()
    before = {name: p.data_ptr() for name, p in model.named_parameters()}
    inference_memory(model, (64, 32))
    assert {name: p.data_ptr() for name, p in model.named_parameters()} == before
    assert model.first.training and not model.second.training
    assert model.seen == [((1, 3, 64, 32), False, False)]
