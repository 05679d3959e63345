from fractions import Fraction

import pytest
import torch
from torch import nn

from course_utils.analysis.receptive_field import (
    ReceptiveField,
    effective_receptive_field,
    footprint,
    mass_side,
    support_box,
    theoretical_receptive_field,
)

VGG_STAGES = (2, 2, 3, 3, 3)


def vgg_layers(num_stages):
    layers = []
    for depth in VGG_STAGES[:num_stages]:
        layers += [(3, 1, 1, 1)] * depth + [(2, 2, 1)]
    return layers


def positive(layer):
    """Let no path through the layer cancel another."""
    nn.init.constant_(layer.weight, 1.0)
    return layer


def support_of(layer, size, cell):
    field = effective_receptive_field(
        layer, size, cell=cell, num_images=1, in_channels=layer.in_channels
    )
    return support_box(field)


# pool1 6, pool2 16, pool3 44, pool4 100, pool5 212: the sizes of VGG16
@pytest.mark.parametrize(
    ("num_stages", "size"), [(1, 6), (2, 16), (3, 44), (4, 100), (5, 212)]
)
def test_vgg16_pools_have_their_known_fields(num_stages, size):
    field = theoretical_receptive_field(vgg_layers(num_stages))
    assert (field.size, field.stride) == (size, 2**num_stages)


@pytest.mark.parametrize(
    ("layers", "field"),
    [
        ([], ReceptiveField(1, 1, 0)),
        # a dilated kernel: taps 0, 2, 4; two cells of padding put the middle back to 0
        ([(3, 1, 2, 2)], ReceptiveField(5, 1, 0)),
        # fc6 of FCN: a cell covers pixels 0 to 31, whose middle is 15.5
        ([*vgg_layers(5), (7, 1, 1, 3)], ReceptiveField(404, 32, Fraction(31, 2))),
    ],
)
def test_fields_by_hand(layers, field):
    assert theoretical_receptive_field(layers) == field


@pytest.mark.parametrize("layer", [(3, 1), (3, 1, 1, 1, 1)])
def test_a_layer_of_another_length_is_refused(layer):
    with pytest.raises(ValueError, match=r"a layer must be .*, got \(3, 1"):
        theoretical_receptive_field([layer])


@pytest.mark.parametrize(
    ("kernel_size", "stride", "padding", "dilation"),
    [(3, 1, 1, 1), (5, 2, 0, 1), (3, 2, 3, 3), (4, 1, 1, 2)],
)
def test_arithmetic_agrees_with_the_gradient_of_a_convolution(
    kernel_size, stride, padding, dilation
):
    conv = nn.Conv2d(
        1, 1, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    top, left, bottom, right = support_of(positive(conv), (40, 44), cell=(6, 7))
    field = ReceptiveField().after_conv(
        kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    assert (bottom - top, right - left) == (field.size, field.size)
    assert Fraction(top + bottom - 1, 2) == field.center + 6 * field.stride
    assert Fraction(left + right - 1, 2) == field.center + 7 * field.stride


@pytest.mark.parametrize("factor", [2, 4])
def test_arithmetic_agrees_with_the_gradient_of_an_upsampling(factor):
    conv = nn.ConvTranspose2d(1, 1, 2 * factor, stride=factor, padding=factor // 2)
    field = ReceptiveField().after_upsampling(
        factor, kernel_size=2 * factor, padding=factor // 2
    )
    assert (field.size, field.stride) == (2, Fraction(1, factor))
    # Bilinear interpolation puts output 0 at (0.5 / factor - 0.5) of the input
    assert field.center == Fraction(1, 2 * factor) - Fraction(1, 2)
    for row in range(2 * factor, 3 * factor):
        top, _, bottom, _ = support_of(positive(conv), 12, cell=(row, 20))
        assert bottom - top == field.size
        middle = Fraction(top + bottom - 1, 2)
        # The two inputs that a pixel lies between, so at most half an input away
        assert abs(middle - (field.center + row * field.stride)) <= Fraction(1, 2)


def test_gradients_are_measured_in_eval_mode_and_nothing_is_changed():
    network = nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.5))
    network[1].eval()
    before = {k: v.clone() for k, v in network.state_dict().items()}
    state = torch.random.get_rng_state()
    effective_receptive_field(network, 9)
    assert network.training
    assert [m.training for m in network] == [True, False, True]
    torch.testing.assert_close(dict(network.state_dict()), before, rtol=0, atol=0)
    assert all(p.grad is None for p in network.parameters())
    torch.testing.assert_close(torch.random.get_rng_state(), state)


def test_the_effective_field_is_the_mean_magnitude_of_the_gradient():
    # Linear, so the gradient is the kernel; over 3 channels weighing 1, 2 and -3, the
    # mean magnitude is 2 at each of the 3×3 pixels around the cell
    conv = nn.Conv2d(3, 1, 3, padding=1, bias=False)
    with torch.no_grad():
        conv.weight.copy_(torch.tensor([1.0, 2, -3])[:, None, None].expand(3, 3, 3))
    field = effective_receptive_field(conv, (7, 9))
    expected = torch.zeros(7, 9)
    expected[2:5, 3:6] = 2  # around the middle cell, (3, 4)
    torch.testing.assert_close(field, expected)


def test_the_noise_is_the_same_whatever_the_global_state():
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 1, 3))
    fields = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        fields.append(effective_receptive_field(network, 16))
    torch.testing.assert_close(fields[0], fields[1], rtol=0, atol=0)


def test_the_field_can_be_measured_on_given_images():
    # A ReLU lets the gradient of the positive image alone through: 1 of 2 images
    images = torch.stack([torch.ones(1, 3, 4), -torch.ones(1, 3, 4)])
    field = effective_receptive_field(nn.ReLU(), (3, 4), cell=(0, 3), images=images)
    expected = torch.zeros(3, 4)
    expected[0, 3] = 1 / 2
    torch.testing.assert_close(field, expected)
    assert not images.requires_grad


def test_images_of_another_size_are_refused():
    match = r"images must be 4 by 5 pixels, got \(1, 3, 5, 4\)"
    with pytest.raises(ValueError, match=match):
        effective_receptive_field(nn.ReLU(), (4, 5), images=torch.ones(1, 3, 5, 4))


def test_a_network_without_parameters_has_a_field_even_with_autograd_off():
    # Cell (0, 1) is the mean of rows 0 and 1, columns 2 and 3
    with torch.no_grad():
        field = effective_receptive_field(nn.AvgPool2d(2), (4, 6), cell=(0, 1))
    expected = torch.zeros(4, 6)
    expected[:2, 2:4] = 1 / 4
    torch.testing.assert_close(field, expected)


def test_the_support_is_a_half_open_box():
    gradient = torch.zeros(5, 6)
    gradient[1, 4] = gradient[3, 2] = -0.1
    assert support_box(gradient) == (1, 2, 4, 5)
    assert support_box(torch.zeros(5, 6)) == (0, 0, 0, 0)


# Of 25 equal pixels, the middle one holds 1/25, 3×3 hold 9/25, 5×5 hold all
@pytest.mark.parametrize(
    ("proportion", "side"), [(0.03, 1), (0.3, 3), (0.37, 5), (0.99, 5)]
)
def test_the_square_that_holds_a_proportion(proportion, side):
    gradient = torch.zeros(9, 11)
    gradient[2:7, 1:6] = 1
    assert mass_side(gradient, proportion) == side


def test_the_square_lies_around_the_center_of_mass():
    # Two pixels in rows 0 and 4: the center is row 2, and a square of 5 holds both
    gradient = torch.zeros(9, 9)
    gradient[0, 3] = gradient[4, 3] = 1
    assert mass_side(gradient) == 5


@pytest.mark.parametrize("proportion", [0, 1, 90])
def test_a_proportion_is_between_0_and_1(proportion):
    with pytest.raises(ValueError, match=f"between 0 and 1, got {proportion}"):
        mass_side(torch.ones(3, 3), proportion)


def test_a_gradient_of_zero_has_no_square():
    with pytest.raises(ValueError, match="not be 0 everywhere"):
        mass_side(torch.zeros(3, 3))


# 2, 2, 2 touches 0, 2, … 12: 7 of 13. 1, 2, 5 touches all 17. One rate 12 touches 0,
# 12, 24: 3 of 25. A kernel of 5 at rate 2 touches 0, 2, … 8: 5 of 9.
@pytest.mark.parametrize(
    ("dilations", "kernel_size", "side", "touched"),
    [
        ((2, 2, 2), 3, 13, 7),
        ((1, 2, 5), 3, 17, 17),
        ((12,), 3, 25, 3),
        ((), 3, 1, 1),
        ((2,), 5, 9, 5),
    ],
)
def test_the_footprint_of_stacked_dilations(dilations, kernel_size, side, touched):
    expected = side, pytest.approx((touched / side) ** 2)
    assert footprint(dilations, kernel_size) == expected


def test_the_footprint_equals_the_support_of_the_gradient():
    dilations = (2, 3, 2)
    layers = [positive(nn.Conv2d(1, 1, 3, dilation=d)) for d in dilations]
    gradient = effective_receptive_field(nn.Sequential(*layers), 15, in_channels=1)
    side, proportion = footprint(dilations)
    assert side == 15  # 1 + 2·(2 + 3 + 2)
    assert (gradient != 0).float().mean().item() == pytest.approx(proportion)
