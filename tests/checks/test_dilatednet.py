import pytest
import torch
from torch import nn

from course_utils.analysis.receptive_field import footprint
from course_utils.checks.dilatednet import clinic, exercises, references
from course_utils.models import dilatednet as context
from course_utils.models.blocks import upsample_bilinear
from course_utils.models.dilatednet import ContextModule, FrontEnd


@pytest.mark.parametrize(
    ("dilations", "kernel_size", "side", "touched", "hint"), exercises._WINDOWS
)
def test_windows_agree_with_spread_cells_and_with_the_package(
    dilations, kernel_size, side, touched, hint
):
    expected = (side, pytest.approx((touched / side) ** 2))
    assert references.footprint(dilations, kernel_size) == expected
    assert footprint(dilations, kernel_size) == expected


def test_layers_are_those_of_the_package():
    assert exercises.DILATIONS == context.DILATIONS
    module = ContextModule(5)
    assert exercises.learned_by(module) == 64 * 5**2 + 8 * 5
    assert exercises.context_size(5) == 64 * 5**2 + 8 * 5


def test_reference_refines_as_the_package_does():
    torch.manual_seed(0)
    module = ContextModule(3)
    exercises.draw_weights(module, positive=False)
    logits = torch.randn(2, 3, 12, 11)
    expected = references.context_module(list(module.layers[::2]), logits)
    torch.testing.assert_close(module(logits), expected)
    assert expected.std() > 0.01  # the ReLUs have not silenced it


def test_every_mistake_of_the_context_module_changes_the_values():
    torch.manual_seed(0)
    module = ContextModule(3)
    exercises.draw_weights(module, positive=False)
    layers, logits = list(module.layers[::2]), torch.randn(2, 3, 12, 11)
    right = references.context_module(layers, logits)
    for relus in exercises._CONTEXT_MISTAKES.values():
        wrong = references.context_module(layers, logits, relus=relus)
        assert not torch.allclose(wrong, right, rtol=0.01, atol=0.01)


def test_a_window_is_measured_by_gradient():
    given = torch.rand(1, 2, 9, 9, requires_grad=True)
    conv = nn.Conv2d(2, 1, 3, padding=2, dilation=2)
    nn.init.ones_(conv.weight)
    seen = conv(given)[0, 0, 4, 4]
    assert exercises.window_seen(seen, given) == (5, 9)
    other = torch.rand(1, 2, 9, 9, requires_grad=True)
    assert exercises.window_seen(conv(given).sum(), other) == (0, 0)


def test_the_small_front_end_rounds_up_as_the_real_one():
    images = torch.rand(1, 3, 45, 61)
    small = clinic._SmallFrontEnd(4)(images)
    assert small.shape == FrontEnd(4, base_channels=1)(images).shape == (1, 4, 6, 8)
    assert (small > 0).all()  # so that the context module's start returns it


def test_reference_enlargement_is_the_packages():
    logits = torch.rand(1, 2, 6, 8)
    expected = upsample_bilinear(logits, (48, 64))[..., :45, :61]
    torch.testing.assert_close(
        references.mended_dilatednet(logits, (45, 61)), expected, rtol=1e-5, atol=1e-6
    )
