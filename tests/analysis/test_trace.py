import sys
from fractions import Fraction
from functools import partial

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.analysis.receptive_field import (
    ReceptiveField,
    effective_receptive_field,
    support_box,
)
from course_utils.analysis.trace import ReceptiveFieldTracer
from course_utils.models.blocks import unpool, upsample_bilinear
from course_utils.models.dilatednet import reflect_pad


def trace(function, size=32, channels=2):
    """The field that a function's output carries when it is run on an image."""
    image = torch.randn(1, channels, size, size)
    image.receptive_field = ReceptiveField()
    with torch.no_grad(), ReceptiveFieldTracer() as tracer:
        output = function(image)
    return output, tracer


class Net(nn.Module):
    """Makes of a function on images a network."""

    def __init__(self, function, *layers):
        super().__init__()
        self.function, self.layers = function, nn.ModuleList(layers)
        self.one = nn.Parameter(torch.ones(()))
        for parameter in self.layers.parameters():
            nn.init.constant_(parameter, 0.1)  # no path may cancel another

    def forward(self, images):
        return self.function(images)


def assert_gradient_agrees(network, row, size=64):
    field = trace(network, size)[0].receptive_field
    gradient = effective_receptive_field(
        network, size, cell=(row, row), num_images=8, in_channels=2
    )
    top, _, bottom, _ = support_box(gradient)
    assert bottom - top == field.size
    assert Fraction(top + bottom - 1, 2) == field.center + row * field.stride


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Conv2d(2, 4, 3, groups=2, padding=1)],
        [nn.Conv2d(2, 4, 3, padding="same", dilation=2), nn.Conv2d(4, 1, 3)],
        [nn.Conv2d(2, 4, 5, padding="valid"), nn.Conv2d(4, 1, 3, stride=3)],
        [nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.Conv2d(4, 2, 3, dilation=3)],
        [nn.Conv2d(2, 2, 3, padding=1), nn.AvgPool2d(3, 2, 1), nn.Conv2d(2, 1, 3)],
        [nn.Conv2d(2, 4, 3, padding=2, padding_mode="reflect"), nn.Conv2d(4, 1, 3)],
        [nn.Conv2d(2, 2, 3), nn.BatchNorm2d(2), nn.Dropout(), nn.Sigmoid()],
        [nn.MaxPool2d(2, ceil_mode=True), nn.Conv2d(2, 1, 3, padding=1)],
    ],
    ids=["grouped", "same", "valid", "strided", "average", "reflect", "norm", "pool"],
)
def test_the_field_is_the_support_of_the_gradient(layers):
    assert_gradient_agrees(Net(nn.Sequential(*layers), *layers), row=5)


def test_a_crop_and_a_padding_move_the_field():
    assert_gradient_agrees(Net(lambda x: F.avg_pool2d(x, 2)[..., 3:9, 4:]), row=2)
    assert_gradient_agrees(Net(lambda x: F.avg_pool2d(x, 3, 1)[:, :, 3:, :]), row=2)
    assert_gradient_agrees(Net(lambda x: F.avg_pool2d(F.pad(x, (1, 2, 3, 4)), 2)), 4)
    assert_gradient_agrees(Net(lambda x: F.avg_pool2d(F.pad(x, (4, 4)), 2)[:, 1:]), 9)


def test_functional_calls_with_names_are_understood():
    weight = torch.ones(1, 2, 3, 3)
    output, _ = trace(lambda x: F.conv2d(x, weight, stride=2, dilation=2))
    assert output.receptive_field == ReceptiveField(5, 2, 2)  # taps 0, 2, 4
    output, _ = trace(lambda x: F.avg_pool2d(x, kernel_size=4, stride=2))
    assert output.receptive_field == ReceptiveField(4, 2, Fraction(3, 2))


@pytest.mark.parametrize(
    "upsampling",
    [
        nn.Upsample(scale_factor=4, mode="bilinear"),
        nn.Upsample(size=(32, 32), mode="bilinear"),
        nn.ConvTranspose2d(2, 2, 8, stride=4, padding=2),
    ],
    ids=["factor", "size", "transposed"],
)
def test_an_enlargement_by_4_after_a_pool_by_4(upsampling):
    # Between two cells of 4 pixels each: 8 pixels; the grids coincide again
    output, _ = trace(nn.Sequential(nn.AvgPool2d(4), upsampling))
    assert output.receptive_field == ReceptiveField(8, 1, 0)


@pytest.mark.parametrize(
    "upsampling",
    [
        nn.Upsample(size=(29, 29), mode="bilinear", align_corners=True),
        lambda x: upsample_bilinear(x, (29, 29), align_corners=True),
    ],
    ids=["torch", "matrices"],
)
def test_with_aligned_corners_the_first_cell_stays_where_it_is(upsampling):
    # Cells of 3 pixels around 0, 4, ... 28; between two of them, 7 pixels
    network = Net(lambda x: upsampling(F.avg_pool2d(x, 3, 4, 1)))
    assert trace(network)[0].receptive_field == ReceptiveField(7, 1, 0)
    assert_gradient_agrees(network, row=14, size=32)  # half way from 12 to 16


@pytest.mark.parametrize(
    "function",
    [
        nn.Sequential(nn.AvgPool2d(2), nn.Upsample(scale_factor=2)),
        lambda x: F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2),
        lambda x: unpool(*F.max_pool2d(x, 2, return_indices=True), (32, 32)),
    ],
    ids=["nearest", "torch's unpooling", "the course's"],
)
def test_nearest_enlargement_and_unpooling_draw_on_one_cell(function):
    assert trace(function)[0].receptive_field == ReceptiveField(2, 1, 0)


@pytest.mark.parametrize(
    "step", [upsample_bilinear, partial(upsample_bilinear, size=(24, 64))]
)
def test_interpolation_by_matrices_is_one_step_under_any_name(step):
    pool, size = nn.AvgPool2d(4), {"size": (24, 64)}
    ours, tracer = trace(lambda x: step(pool(x), **size))
    theirs, _ = trace(lambda x: F.interpolate(pool(x), **size, mode="bilinear"))
    assert ours.receptive_field == theirs.receptive_field
    assert ours.receptive_field == ReceptiveField(8, Fraction(4, 3), Fraction(1, 6))
    # the pool keeps 2·8·8 numbers and the interpolation 2·24·64, of 4 bytes each
    assert tracer.activation_bytes == 4 * (128 + 3072)


def test_an_error_in_a_step_ends_the_trace_and_leaves_no_profiling_hook():
    indices = torch.zeros(1, 2, 4, 4, dtype=torch.int64)
    for hook in (None, lambda *_: None):
        sys.setprofile(hook)
        try:
            with pytest.raises(ValueError, match="size before the pool"):
                trace(lambda x: unpool(x[..., :4, :4], indices, (32, 32)))
            assert sys.getprofile() is hook
        finally:
            sys.setprofile(None)


def test_a_reflection_moves_the_center_and_not_the_size():
    network = Net(lambda x: F.avg_pool2d(reflect_pad(x, 5), 3, 1))
    # Cell 0 of a 3×3 pool begins 5 pixels before the image: its middle is at -4
    assert trace(network)[0].receptive_field == ReceptiveField(3, 1, -4)
    assert_gradient_agrees(network, 20)


def test_an_enlargement_to_the_same_size_changes_nothing():
    output, _ = trace(lambda x: F.interpolate(x, size=(32, 32), mode="bilinear"))
    assert output.receptive_field == ReceptiveField()


@pytest.mark.parametrize("join", [torch.add, lambda a, b: torch.cat([a, b], dim=1)])
def test_where_branches_meet_the_widest_field_counts(join):
    weight = torch.ones(2, 2, 5, 5)
    output, _ = trace(lambda x: join(x, F.conv2d(x, weight, padding=2)))
    assert output.receptive_field.size == 5


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda x: F.adaptive_avg_pool2d(x, 8), "adaptive_avg_pool2d"),
        (lambda x: x.mean(dim=3, keepdim=True), "mean"),
        (lambda x: x.flatten(2), "flatten"),
    ],
)
def test_an_unknown_function_that_changes_the_size_is_refused(function, name):
    match = f"only through known functions, got {name}, which changes the size"
    with pytest.raises(ValueError, match=match):
        trace(function)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: torch.fft.fft2(x).real,
        lambda x: x.cumsum(dim=2),
        lambda x: x.roll(3, dims=2),
        lambda x: x.flip(2),
        lambda x: x.transpose(2, 3),
        lambda x: x.softmax(dim=-1),
        lambda x: F.layer_norm(x, x.shape[1:]),
        lambda x: F.group_norm(x, 2),
        lambda x: x[:, :, torch.randperm(32)],
        lambda x: F.conv2d(x, x[:, :, :3, :3].mean(dim=0, keepdim=True), padding=1),
        lambda x: F.pad(x, (1, 1, 1, 1), mode="circular"),
        lambda x: x + x.cumsum(dim=2),
        lambda x: F.avg_pool2d(x.cumsum(dim=2), 4),
    ],
)
def test_what_may_draw_on_any_pixel_is_not_followed(function):
    assert trace(function)[0].receptive_field is None


@pytest.mark.parametrize(
    ("function", "field"),
    [
        (lambda x: x.chunk(2, dim=1)[1], ReceptiveField()),
        (lambda x: x[..., 4::2, ::2], ReceptiveField(1, 2, 4)),
        (lambda x: x[..., -8:, :], ReceptiveField(1, 1, 24)),  # of 32 rows
        (lambda x: F.max_pool2d(x, 3, 1, 0, 2), ReceptiveField(5, 1, 2)),  # dilated
        (lambda x: x.softmax(dim=1) * 2 - 1, ReceptiveField()),
    ],
)
def test_what_keeps_or_moves_places_is_followed(function, field):
    assert trace(function)[0].receptive_field == field


def test_a_function_that_adds_channels_up_keeps_the_field():
    # The channels may change: 2 become 1
    output, _ = trace(lambda x: F.avg_pool2d(x, 2).tanh().sum(dim=1, keepdim=True))
    assert output.shape == (1, 1, 16, 16)
    assert output.receptive_field == ReceptiveField(2, 2, Fraction(1, 2))


def test_tensors_that_do_not_come_from_the_image_carry_no_field():
    output, _ = trace(lambda x: torch.ones(3).exp())
    assert not hasattr(output, "receptive_field")


def test_the_result_is_that_of_the_plain_run():
    network = nn.Sequential(nn.Conv2d(2, 3, 3), nn.MaxPool2d(2), nn.Sigmoid())
    torch.manual_seed(0)
    output, _ = trace(network)
    torch.manual_seed(0)
    plain = network(torch.randn(1, 2, 32, 32)).detach()
    torch.testing.assert_close(output, plain)


def test_activations_count_four_bytes_a_number_and_nothing_in_place():
    # conv 3·30·30 floats, in-place ReLU nothing, pool 3·15·15
    layers = [nn.Conv2d(2, 3, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
    _, tracer = trace(nn.Sequential(*layers))
    assert tracer.activation_bytes == 4 * 3 * (30 * 30 + 15 * 15)
    layers[1] = nn.ReLU()
    _, tracer = trace(nn.Sequential(*layers))
    assert tracer.activation_bytes == 4 * 3 * (2 * 30 * 30 + 15 * 15)
