import pytest
import torch
from torch import nn

from course_utils.experiments.studies import connections
from course_utils.experiments.studies.connections import NETS, equal_widths


@pytest.mark.parametrize("name", NETS)
def test_logits_have_the_size_of_the_image(name, logits_of):
    assert logits_of(NETS[name](5, 4)).shape == (2, 5, 64, 96)


def test_widths_are_chosen_for_equal_parameters():
    widths = equal_widths(21, 16)
    assert widths["concatenation"] == 16
    with torch.device("meta"):
        sizes = [
            sum(p.numel() for p in make(21, widths[name]).parameters())
            for name, make in NETS.items()
        ]
    assert max(sizes) < 1.06 * min(sizes)


@torch.no_grad()
def sees_past_its_middle(name):
    """Whether the logits depend on the image if nothing comes out of the middle."""
    net = NETS[name](3, 4).eval()
    nn.init.zeros_(net.ups[0].weight)
    one, other = net(torch.randn(2, 3, 32, 32))
    return bool((one - other).abs().max() > 1e-4)


def test_only_without_connections_all_must_go_through_the_middle():
    assert sees_past_its_middle("addition") and sees_past_its_middle("concatenation")
    assert not sees_past_its_middle("nothing")


def test_nothing_is_dropped_in_training():
    dropouts = [m for m in NETS["dense"](5, 4).modules() if isinstance(m, nn.Dropout)]
    assert all(dropout.p == 0 for dropout in dropouts)


def test_every_net_is_scored(trial, monkeypatch):
    monkeypatch.delitem(NETS, "dense")  # it takes long
    connections.measure(trial)
    assert trial.is_stored("addition, 2N steps: mean IoU", "nothing: parameters, M")
