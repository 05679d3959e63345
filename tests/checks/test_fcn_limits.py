import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checks.fcn_limits import exercises, references


@pytest.mark.parametrize(("args", "expected", "hint"), exercises._OUTPUT_SIZES)
def test_cases_of_conv_output_size_agree_with_conv2d(args, expected, hint):
    size, *options = args
    rows = torch.zeros(1, 1, size, 30)
    assert nn.Conv2d(1, 1, *options)(rows).shape[2] == expected
    assert references.conv_output_size(*args) == expected


@pytest.mark.parametrize(("layers", "expected", "hint"), exercises._FIELDS)
def test_cases_of_receptive_field_agree_with_gradients(layers, expected, hint):
    assert references.receptive_field(layers) == expected


def test_receptive_field_of_vgg16_is_that_of_the_literature():
    # 1 + sum of (kernel - 1) * stride so far: Araujo et al., 2019, VGG16 to pool5
    assert references.receptive_field(exercises.VGG16) == (212, 32)


@pytest.mark.parametrize("factor", [2, 4, 6, 8])
def test_reference_kernel_enlarges_as_interpolate_does_inside(factor):
    layer = nn.ConvTranspose2d(1, 1, 2 * factor, factor, factor // 2, bias=False)
    layer.weight.data[0, 0] = references.bilinear_kernel(factor)
    image = torch.randn(1, 1, 7, 7, generator=torch.Generator().manual_seed(0))
    inside = slice(factor, -factor)
    expected = F.interpolate(image, scale_factor=factor, mode="bilinear")
    torch.testing.assert_close(
        layer(image)[..., inside, inside], expected[..., inside, inside]
    )


def test_reference_fusion_by_hand():
    # between 0 and 4, the places are -1/4, 1/4, 3/4, 5/4 of the way, held at the ends
    deep, skip = torch.tensor([[[[0.0, 4.0]]]]), torch.full((1, 1, 1, 4), 10.0)
    expected = torch.tensor([[[[10.0, 11.0, 13.0, 14.0]]]])
    torch.testing.assert_close(references.fuse_skip(deep, skip), expected)
