import pytest
import torch
from torch import nn

from course_utils.analysis.interventions.skips import zero_skip
from course_utils.models.fc_densenet import FCDenseNet
from course_utils.models.unet import UNet


class Sum(nn.Module):
    """1000 x + skip, so that both can be read off the result."""

    def forward(self, x, skip):
        return 1000 * x + skip


X, SKIP = torch.tensor([[1.0]]), torch.tensor([[3.0]])


def test_the_join_sees_zeros_and_nothing_else_changes():
    join, skip = Sum(), SKIP.clone()
    with zero_skip(join):
        assert join(X, skip).item() == 1000
    assert skip.item() == 3
    assert join(X, skip).item() == 1003


def test_something_else_can_stand_in_and_several_joins_can_be_changed_at_a_time():
    first, second = Sum(), Sum()
    with zero_skip(first), zero_skip(second, replace=lambda skip: skip + 4):
        assert first(X, SKIP).item() == 1000
        assert second(X, SKIP).item() == 1007


def test_the_skip_comes_back_after_an_error():
    join = Sum()
    with pytest.raises(RuntimeError, match="in between"), zero_skip(join):
        raise RuntimeError("in between")
    assert join(X, SKIP).item() == 1003


def test_a_module_that_joins_nothing_is_refused():
    message = r"called with two tensors, .* got Linear, called with \(Tensor\)"
    with pytest.raises(TypeError, match=message), zero_skip(layer := nn.Linear(1, 1)):
        layer(X)


@pytest.mark.parametrize(
    ("make", "joins"),
    [
        (lambda: UNet(3, base_channels=2), "decoder"),
        (
            lambda: FCDenseNet(3, base_channels=8, layers_per_block=(1, 1, 1)),
            "transitions_up",
        ),
    ],
)
def test_each_skip_of_a_model_can_be_zeroed_by_its_join(make, joins):
    model, image = make().eval(), torch.randn(1, 3, 32, 48)
    with torch.no_grad():
        before = model(image)
        for join in getattr(model, joins):
            with zero_skip(join):
                assert (model(image) - before).abs().max() > 1e-3
        torch.testing.assert_close(model(image), before, rtol=0, atol=0)
