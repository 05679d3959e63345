import pytest
import torch
import torch.nn.functional as F
from fields import center_of_mass, gradient_of, make_linear, make_positive
from gradients import assert_every_parameter_learns
from torch import nn

from course_utils.analysis.receptive_field import effective_receptive_field, support_box
from course_utils.analysis.summary import model_summary
from course_utils.models.deeplab_v1 import DeepLabV1

LARGE_FOV = {"kernel_size": 3, "dilation": 12}
FIELDS_OF_VIEW = [
    LARGE_FOV,
    {"kernel_size": 7, "dilation": 4},
    {"kernel_size": 4, "dilation": 4},
    {"kernel_size": 4, "dilation": 8},
]
FORMS = [
    {},
    {"pool_size": 2},
    {"output_stride": 32},
    {"pool_size": 2, "output_stride": 32, "conv5_dilation": 1},
    {"kernel_size": 4, "dilation": 8},
    {"pool_size": 2, "kernel_size": 4, "dilation": 4, "average_pool": False},
]
SIZES = [(32, 32), (33, 47), (223, 250), (321, 321), (500, 375), (511, 32)]


def count(model):
    return sum(parameter.numel() for parameter in model.parameters())


def field_of_scores(size=(321, 321), **options):
    rows = model_summary(DeepLabV1(3, base_channels=1, **options), size).rows
    return next(row for row in rows if row.name == "score")


# 13 convolutions 14,714,688; fc6 k²·512·F + F; fc7 F² + F; scores F·21 + 21, F = 1024
# for LargeFOV and 4096 else. Published: 20.5, 134.3, 65.1 and 65.1 M.
@pytest.mark.parametrize(
    ("field_of_view", "at_21", "at_11"),
    [
        (FIELDS_OF_VIEW[0], 20_505_429, 20_495_179),
        (FIELDS_OF_VIEW[1], 134_346_581, 134_305_611),
        (FIELDS_OF_VIEW[2], 65_140_565, 65_099_595),
        (FIELDS_OF_VIEW[3], 65_140_565, 65_099_595),
    ],
)
def test_parameters_are_those_of_the_paper(field_of_view, at_21, at_11):
    for num_classes, expected in ((21, at_21), (11, at_11)):
        with torch.device("meta"):
            model = DeepLabV1(num_classes, **field_of_view)
        assert count(model) == expected


def test_neither_pools_nor_strides_nor_dilation_have_parameters():
    numbers = {count(DeepLabV1(5, base_channels=2, **form)) for form in FORMS[:4]}
    assert len(numbers) == 1


def test_the_width_of_fc6_and_fc7_can_be_chosen():
    model = DeepLabV1(5, base_channels=2, kernel_size=4, dilation=4, hidden_channels=7)
    assert model.fc6[0].weight.shape == (7, 16, 4, 4)
    assert model.score.weight.shape == (5, 7, 1, 1)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", FORMS)
def test_logits_have_the_size_of_the_image(form, size):
    with torch.device("meta"):
        model = DeepLabV1(4, base_channels=1, **form)
        assert model(torch.zeros(2, 3, *size)).shape == (2, 4, *size)


# pools of 3 and 2: after pool5 a cell sees 227 and 204 pixels; the average adds 2·8,
# fc6 8·dilation·(kernel - 1): 192 for 3 with 12, 7 with 4 and 4 with 8, 96 for 4 with 4
@pytest.mark.parametrize(
    ("pool_size", "average_pool", "size"),
    [(3, True, 435), (3, False, 419), (2, True, 412), (2, False, 396)],
)
@pytest.mark.parametrize("field_of_view", FIELDS_OF_VIEW)
def test_the_theoretical_field(field_of_view, pool_size, average_pool, size):
    row = field_of_scores(
        pool_size=pool_size, average_pool=average_pool, **field_of_view
    )
    is_small = field_of_view == {"kernel_size": 4, "dilation": 4}
    assert row.field.size == size - 96 * is_small
    assert row.field.stride == 8
    assert row.output_shape[1:] == (41, 41)


def test_removing_strides_shrinks_the_field_and_dilation_restores_it():
    # without the average, after conv4: 99 pixels at stride 8. Strided: pool4 +16, conv5
    # 6·16, pool5 +32, fc6 6·32. Not strided: +16, 6·8, +16 and 6·8; dilated twice that
    # in conv5 and four times in fc6.
    sizes = [
        field_of_scores(
            average_pool=False, output_stride=stride, conv5_dilation=a, dilation=b
        ).field.size
        for stride, a, b in ((32, 1, 3), (8, 1, 3), (8, 2, 12))
    ]
    assert sizes == [435, 227, 419]


@pytest.mark.parametrize(
    ("form", "box"),
    [  # cell 34 lies at pixel 8·34 = 272, 217 to a side; else at 275.5, 205.5 to a side
        ({}, (55, 490)),
        ({"pool_size": 2}, (70, 482)),
    ],
)
def test_the_gradient_of_the_scores_reaches_exactly_that_far(form, box):
    model = make_positive(DeepLabV1(1, base_channels=1, **form))
    pairs = zip(model.stages, model.pools, strict=True)
    encoder = [part for pair in pairs for part in pair]
    head = model.average, model.fc6, model.fc7, model.score
    scores = nn.Sequential(*encoder, *head)
    gradient = effective_receptive_field(scores, 545, cell=(34, 34), num_images=8)
    assert support_box(gradient) == (box[0], box[0], box[1], box[1])


@pytest.mark.parametrize("form", FORMS[:2] + FORMS[4:])
@pytest.mark.parametrize("size", [(489, 497), (488, 492), (491, 503)])
def test_a_pixel_looks_at_itself_at_every_size(form, size):
    model = make_linear(DeepLabV1(2, base_channels=1, **form))
    # 218 pixels to a side stay inside the image, wherever in its cell the pixel is
    for pixel in ((240, 248), (243, 250), (247, 246)):
        where = center_of_mass(gradient_of(model, size, *pixel))
        assert where == pytest.approx(pixel, abs=0.01)


def test_a_coarse_pixel_looks_at_itself_too():
    form = {"output_stride": 32, "conv5_dilation": 1, "dilation": 3}
    for pool_size in (2, 3):
        model = make_linear(DeepLabV1(1, base_channels=1, pool_size=pool_size, **form))
        where = center_of_mass(gradient_of(model, (600, 609), 293, 301))
        assert where == pytest.approx((293, 301), abs=0.01)


def scores_and_logits(size, **form):
    model = DeepLabV1(3, base_channels=2, **form).eval()
    scores = []
    model.score.register_forward_hook(lambda *hooked: scores.append(hooked[2]))
    with torch.no_grad():
        logits = model(torch.randn(1, 3, *size))
    return scores[0], logits


def test_at_8k_plus_1_aligned_corners_give_every_cell_its_own_pixel():
    scores, logits = scores_and_logits((33, 57))
    assert scores.shape[-2:] == (5, 8)  # 33 = 8·4 + 1 and 57 = 8·7 + 1
    torch.testing.assert_close(logits[..., ::8, ::8], scores)
    expected = F.interpolate(scores, (33, 57), mode="bilinear", align_corners=True)
    torch.testing.assert_close(logits, expected)


@pytest.mark.parametrize("size", [(32, 64), (40, 63), (34, 59)])
def test_elsewhere_the_cells_stay_8_pixels_apart(size):
    scores, logits = scores_and_logits(size)
    rows, columns = (-(-n // 8) for n in size)
    torch.testing.assert_close(logits[..., ::8, ::8], scores[..., :rows, :columns])


def test_with_pools_of_2_the_cells_lie_between_pixels():
    scores, logits = scores_and_logits((40, 64), pool_size=2)
    expected = F.interpolate(scores, scale_factor=8, mode="bilinear")
    torch.testing.assert_close(logits, expected)


def test_only_the_strides_of_pool4_and_pool5_are_gone():
    with torch.device("meta"):
        for form in FORMS[:4]:
            model, x = DeepLabV1(2, base_channels=1, **form), torch.ones(1, 3, 321, 321)
            shapes = []
            for stage, pool in zip(model.stages, model.pools, strict=True):
                shapes.append(stage(x).shape[-1])
                x = pool(stage(x))
            last = [41, 41] if form.get("output_stride", 8) == 8 else [41, 21]
            assert shapes == [321, 161, 81, *last]


def test_logits_are_small_before_training():
    logits = DeepLabV1(5, base_channels=4)(torch.randn(1, 3, 40, 50))
    assert 0 < logits.abs().max() < 0.5


@pytest.mark.parametrize("form", FORMS[:3])
def test_with_batch_normalization_every_parameter_learns(form):
    model = DeepLabV1(3, base_channels=4, batch_norm=True, **form)
    assert sum(isinstance(m, nn.BatchNorm2d) for m in model.modules()) == 15
    assert_every_parameter_learns(model, size=(40, 45))


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"pool_size": 4}, "pool_size must be 2 or 3 .* got 4 and 8"),
        ({"output_stride": 16}, "output_stride 8 or 32, got 3 and 16"),
        ({"kernel_size": 4, "dilation": 3}, "a kernel of 4 with dilation 3"),
        ({"pretrained": "imagenet"}, "base_channels=64, got 1; leave pretrained"),
    ],
)
def test_forms_that_do_not_exist_are_refused(options, match):
    with pytest.raises(ValueError, match=match):
        DeepLabV1(3, base_channels=1, **options)
