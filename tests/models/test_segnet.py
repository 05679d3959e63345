from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from gradients import assert_every_parameter_learns
from torch import nn

from course_utils.analysis.summary import model_summary
from course_utils.models.segnet import (
    SegNet,
    conv_from_transposed,
    pack_indices,
    unpack_indices,
)

# 360×480 is CamVid; the others are odd somewhere on the way down, or one below 32k
SIZES = [(32, 32), (33, 47), (223, 250), (321, 351), (360, 480), (479, 511)]
ABLATIONS = [
    {"upsampling": upsampling, "decoder_convs": convs}
    for upsampling in ("unpool", "bilinear")
    for convs in (True, False)
]


def carry_through(model, plane):
    """Let one plane of positive numbers pass unchanged through every convolution.

    Convolutions take the center of their first channel, normalization is off. What is
    left of the net are its pools and its way back.
    """
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            middle = layer.kernel_size[0] // 2
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
            with torch.no_grad():
                layer.weight[0, 0, middle, middle] = 1
    image = torch.zeros(1, 3, *plane.shape)
    image[0, 0] = plane
    with torch.no_grad():
        return model.eval()(image)[0, 0]


class AveragePool(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(x, 2, ceil_mode=True), None


def linear(model):
    """Make every output a weighted mean of the pixels it sees, pools included."""
    model.pool = AveragePool()
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.constant_(layer.weight, 1 / layer.weight[0].numel())
    return model.eval()


# 29,449,355 is what a build after the authors' prototxt has; a class more is a channel
# of the score, 64·9 + 1
@pytest.mark.parametrize(
    ("num_classes", "expected"), [(21, 29_455_125), (11, 29_449_355)]
)
def test_parameters_are_those_of_the_prototxt(num_classes, expected):
    with torch.device("meta"):
        model = SegNet(num_classes)
    assert sum(p.numel() for p in model.parameters()) == expected


def test_layers_are_those_of_the_prototxt():
    with torch.device("meta"):
        model = SegNet(11)
    convs = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    assert [m.out_channels for m in convs] == (
        [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6  # encoder
        + [512] * 3 + [512, 512, 256] + [256, 256, 128] + [128, 64] + [64, 11]
    )  # fmt: skip
    assert {m.kernel_size for m in convs} == {(3, 3)}
    for module, after in pairwise([*model.modules(), None]):
        if isinstance(module, nn.Conv2d) and module is not model.score:
            assert isinstance(after, nn.BatchNorm2d)
        if isinstance(module, nn.BatchNorm2d):
            assert isinstance(after, nn.ReLU)


def test_sizes_at_360x480_are_those_the_prototxt_writes_down():
    with torch.device("meta"):
        rows = model_summary(SegNet(11), (360, 480)).rows
    shapes = {row.name: row.output_shape for row in rows}
    assert shapes["decoder.0"] == (512, 23, 30)
    assert shapes["decoder.1"] == (256, 45, 60)
    assert shapes["score"] == (11, 360, 480)
    assert {row.name: row.field.size for row in rows}["stages.4"] == 196


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("options", ABLATIONS, ids=str)
def test_logits_have_the_size_of_the_image(options, size):
    with torch.device("meta"):
        model = SegNet(4, base_channels=1, **options)
        assert model(torch.zeros(2, 3, *size)).shape == (2, 4, *size)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_unpooled_comes_back_to_where_it_was(size):
    plane = torch.rand(size) + 1
    back = carry_through(SegNet(2, base_channels=1, batch_norm=False), plane)
    kept = back > 0
    torch.testing.assert_close(back[kept], plane[kept], rtol=0, atol=0)
    # One value of every 32×32 window, and it is the largest
    largest = F.max_pool2d(plane[None], 32, ceil_mode=True)
    assert kept.sum() == largest.numel()
    torch.testing.assert_close(back[kept].sort()[0], largest.flatten().sort()[0])


@pytest.mark.parametrize("size", [(223, 250), (360, 480), (321, 351), (479, 511)])
def test_a_doubled_map_lies_over_the_cells_it_came_from(size):
    # A ramp stays a ramp under means and interpolation, except near the border
    model = SegNet(1, base_channels=1, batch_norm=False, upsampling="bilinear")
    model = linear(model)
    rows, columns = (torch.arange(n, dtype=torch.float32) for n in size)
    for ramp in (rows[:, None].expand(size), columns.expand(size)):
        image = ramp.expand(1, 3, *size)
        with torch.no_grad():
            moved = model(image)[0, 0] - ramp * model(torch.ones(1, 3, *size))[0, 0]
        middle = moved[size[0] // 2 - 4 : size[0] // 2 + 5, size[1] // 2]
        assert middle.abs().max() < 3  # a shift by half a cell of stride 16 would be 8


def test_without_convolutions_bilinear_enlarges_one_linear_score():
    model = SegNet(2, base_channels=2, upsampling="bilinear", decoder_convs=False)
    images = torch.randn(1, 3, 64, 96)
    with torch.no_grad():
        x = images
        for stage in model.eval().stages:
            x = F.max_pool2d(stage(x), 2)
        for change in model.decoder:
            x = change(x)  # 1×1 and linear: before or after an enlargement is the same
        for _ in range(5):
            x = F.interpolate(x, scale_factor=2, mode="bilinear")
        torch.testing.assert_close(model(images), model.score(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("options", ABLATIONS, ids=str)
def test_every_parameter_learns_from_a_single_image_of_32_pixels(options):
    model = SegNet(2, base_channels=4, **options)
    assert_every_parameter_learns(model, num_images=1)


def test_another_upsampling_is_refused():
    with pytest.raises(ValueError, match=r"'unpool', 'bilinear'\), got 'nearest'"):
        SegNet(2, base_channels=1, upsampling="nearest")


@pytest.mark.parametrize("bias", [True, False])
def test_a_transposed_convolution_is_a_convolution(bias):
    deconv = nn.ConvTranspose2d(3, 5, 3, padding=1, bias=bias).double()
    conv = conv_from_transposed(deconv)
    x = torch.randn(2, 3, 6, 7, dtype=torch.float64)
    torch.testing.assert_close(conv(x), deconv(x))
    assert (conv.bias is None) == (not bias)
    assert conv.weight.requires_grad
    assert conv.weight.data_ptr() != deconv.weight.data_ptr()


@pytest.mark.parametrize(
    "options",
    [{"kernel_size": 2}, {"stride": 2}, {"padding": 0}, {"groups": 2}, {"dilation": 2}],
    ids=str,
)
def test_other_transposed_convolutions_are_refused(options):
    deconv = nn.ConvTranspose2d(2, 2, **{"kernel_size": 3, "padding": 1, **options})
    with pytest.raises(ValueError, match="kernel 3, stride 1, padding 1 and one group"):
        conv_from_transposed(deconv)


def test_packing_by_hand():
    # The largest of each 2×2 window of a 2×6 map: bottom left, top right, bottom right
    x = torch.tensor([[0.0, 1, 2, 9, 0, 1], [5, 4, 3, 1, 2, 8]])[None, None]
    _, indices = F.max_pool2d(x, 2, return_indices=True)
    assert indices.flatten().tolist() == [6, 3, 11]
    packed = pack_indices(indices, (2, 6))
    assert packed.flatten().tolist() == [2, 1, 3]
    assert packed.dtype == torch.uint8


@pytest.mark.parametrize("size", [(2, 2), (8, 6), (7, 7), (9, 4), (23, 30), (360, 480)])
@pytest.mark.parametrize("ceil_mode", [True, False])
def test_unpacking_restores_what_the_pool_returned(size, ceil_mode):
    _, indices = F.max_pool2d(
        torch.rand(2, 3, *size), 2, ceil_mode=ceil_mode, return_indices=True
    )
    packed = pack_indices(indices, size)
    assert packed.shape == indices.shape
    assert packed.max() <= 3
    torch.testing.assert_close(unpack_indices(packed, size), indices, rtol=0, atol=0)


def test_what_is_not_packed_or_of_another_size_is_refused():
    indices = torch.zeros(1, 1, 4, 4, dtype=torch.int64)
    with pytest.raises(TypeError, match=r"must be int64, got torch\.uint8"):
        pack_indices(indices.byte(), (8, 8))
    with pytest.raises(TypeError, match=r"must be uint8, got torch\.int64"):
        unpack_indices(indices, (8, 8))
    for function, argument in (
        (pack_indices, indices),
        (unpack_indices, indices.byte()),
    ):
        with pytest.raises(ValueError, match=r"got 8×10 for a map of \(4, 4\)"):
            function(argument, (8, 10))
