import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.analysis.interventions import swap_unpool_indices
from course_utils.models.blocks import Unpool
from course_utils.models.deconvnet import DeconvNet


class PoolAndBack(nn.Module):
    """Pools an image and unpools it to its size."""

    def __init__(self):
        super().__init__()
        self.unpool = Unpool()

    def forward(self, x):
        pooled, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
        return self.unpool(pooled, index, x.shape[-2:])


def image(size, number=1):
    return torch.rand(number, 2, *size) + 1


def test_fixed_puts_every_value_at_the_top_left_of_its_window():
    x = torch.tensor([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    model = PoolAndBack()
    swap_unpool_indices(model, "fixed")
    # windows of 3×3 pixels: {1, 2, 4, 5}, {3, 6}, {7, 8} and {9}
    expected = torch.tensor([[[[5.0, 0, 6], [0, 0, 0], [8, 0, 9]]]])
    torch.testing.assert_close(model(x), expected)


@pytest.mark.parametrize("size", [(8, 6), (7, 9), (5, 4)])
def test_random_stays_inside_the_window_and_uses_all_its_places(size):
    x, model, windows = image(size, 300), PoolAndBack(), -(-size[0] // 2)
    swap_unpool_indices(model, "random", generator=torch.Generator().manual_seed(1))
    output = model(x)
    pooled = F.max_pool2d(x, 2, ceil_mode=True)
    torch.testing.assert_close(F.max_pool2d(output, 2, ceil_mode=True), pooled)
    assert ((output != 0).sum(dim=(2, 3)) == pooled[0, 0].numel()).all()
    # of 600 draws each place of the first window gets about a quarter
    first = (output[:, :, :2, :2] != 0).double().mean(dim=(0, 1))
    torch.testing.assert_close(first, torch.full_like(first, 0.25), rtol=0, atol=0.08)
    last = (output[:, :, 2 * (windows - 1) :, :2] != 0).sum(dim=(2, 3))
    assert (last == 1).all()


def test_random_places_follow_their_generator_and_change_with_every_pass():
    x, model = image((8, 8)), PoolAndBack()
    generator = torch.Generator().manual_seed(3)
    swap_unpool_indices(model, "random", generator=generator)
    first, second = model(x), model(x)
    assert not first.equal(second)
    generator.manual_seed(3)
    torch.testing.assert_close(model(x), first)


@pytest.mark.parametrize("size", [(8, 6), (7, 9)])
def test_bilinear_interpolates_the_pooled_map(size):
    x, model = image(size), PoolAndBack()
    swap_unpool_indices(model, "bilinear")
    pooled = F.max_pool2d(x, 2, ceil_mode=True)
    torch.testing.assert_close(model(x), F.interpolate(pooled, size, mode="bilinear"))


@pytest.mark.parametrize("kind", ["fixed", "random", "bilinear"])
def test_the_encoders_indices_are_back_afterwards(kind):
    model, x = DeconvNet(2, base_channels=1).eval(), torch.randn(1, 3, 45, 61)
    before = model(x)
    with swap_unpool_indices(model, kind):
        assert not model(x).equal(before)
    torch.testing.assert_close(model(x), before)
    undo = swap_unpool_indices(model, kind)
    undo.close()
    torch.testing.assert_close(model(x), before)


@pytest.mark.parametrize("kind", ["fixed", "random", "bilinear"])
def test_a_model_can_be_trained_so(kind):
    model = DeconvNet(2, base_channels=1)
    swap_unpool_indices(model, kind)
    model(torch.randn(2, 3, 33, 40)).square().sum().backward()
    assert all(p.grad is not None for p in model.parameters())


def test_an_unknown_kind_and_a_model_without_unpooling_are_refused():
    with pytest.raises(ValueError, match="one of fixed, random, bilinear, got 'true'"):
        swap_unpool_indices(PoolAndBack(), "true")
    with pytest.raises(ValueError, match=r"unpool with models\.Unpool, .*Conv2d does"):
        swap_unpool_indices(nn.Conv2d(1, 1, 1), "fixed")
