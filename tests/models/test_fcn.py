import pytest
import torch
import torch.nn.functional as F
from fields import center_of_mass, gradient_of, make_linear, make_positive
from gradients import assert_every_parameter_learns
from torch import nn

from course_utils.analysis.receptive_field import effective_receptive_field, support_box
from course_utils.analysis.summary import model_summary
from course_utils.models.fcn import FCN8s, FCN16s, FCN32s

FORMS = [FCN32s, FCN16s, FCN8s]
SIZES = [(32, 32), (33, 47), (223, 250), (321, 321), (500, 375), (511, 32)]


def scored(model):
    """Replace the zeros of the score layers, so that logits differ."""
    for score in (model.score_fc7, *model.score_skips):
        nn.init.normal_(score.weight)
    return model


# 13 convolutions 14,714,688; fc6 512·4096·49 + 4096; fc7 4096² + 4096; scores of 4096,
# 512 and 256 channels, each with a bias. The published nets: 134 M.
@pytest.mark.parametrize(
    ("form", "at_21", "at_11"),
    [
        (FCN32s, 134_346_581, 134_305_611),
        (FCN16s, 134_357_354, 134_311_254),
        (FCN8s, 134_362_751, 134_314_081),
    ],
)
@pytest.mark.parametrize("first_padding", [1, 100])
def test_learned_parameters_are_those_of_the_paper(form, at_21, at_11, first_padding):
    for num_classes, expected in ((21, at_21), (11, at_11)):
        with torch.device("meta"):
            model = form(num_classes, first_padding=first_padding)
        assert sum(p.numel() for p in model.parameters()) == expected


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("first_padding", [1, 100])
@pytest.mark.parametrize("learned", [False, True])
def test_logits_have_the_size_of_the_image(form, size, first_padding, learned):
    with torch.device("meta"):
        model = form(
            4, base_channels=1, first_padding=first_padding, learned_upsampling=learned
        )
        assert model(torch.zeros(2, 3, *size)).shape == (2, 4, *size)


@pytest.mark.parametrize(("form", "stride"), [(FCN32s, 32), (FCN16s, 16), (FCN8s, 8)])
def test_the_theoretical_field_is_404_pixels_at_the_score_layer(form, stride):
    model = form(3, base_channels=1)
    assert model.output_stride == stride
    fields = {row.name: row.field for row in model_summary(model).rows}
    assert (fields["score_fc7"].size, fields["score_fc7"].stride) == (404, 32)
    for name, size in zip(("score_skips.0", "score_skips.1"), (100, 44), strict=True):
        assert name not in fields or fields[name].size == size


def test_the_gradient_of_the_score_layer_reaches_exactly_404_pixels():
    model = make_positive(FCN32s(1, base_channels=2))
    encoder = [part for stage in model.stages for part in (stage, model.pool)]
    scores = nn.Sequential(*encoder, model.fc6, model.fc7, model.score_fc7)
    gradient = effective_receptive_field(scores, (544, 512), cell=(8, 7))
    # Cell 8 lies around pixel 8·32 + 15.5 = 271.5, cell 7 around 239.5, 202 to a side
    assert support_box(gradient) == (70, 38, 474, 442)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("first_padding", [1, 100])
@pytest.mark.parametrize("learned", [False, True])
def test_a_pixel_looks_at_itself_at_odd_sizes_too(form, first_padding, learned):
    options = {"first_padding": first_padding, "learned_upsampling": learned}
    model = make_linear(form(2, base_channels=1, **options))
    # 202 pixels to a side and a stride of 32 stay inside the image: no border, and the
    # center of mass of a linear, symmetric net is the pixel itself
    gradient = gradient_of(model, (481, 487), 236, 251)
    assert center_of_mass(gradient) == pytest.approx((236, 251), abs=0.01)


@pytest.mark.parametrize("form", FORMS)
def test_the_padding_of_the_paper_sees_the_same_inside(form):
    # Average pools and bilinear grids differ by the 3 pixels that 99 is more than 3·32
    ours, theirs = (
        make_linear(form(1, base_channels=1, first_padding=p)).double()
        for p in (1, 100)
    )
    theirs.load_state_dict(ours.state_dict())
    ramp = torch.linspace(1, 2, 640, dtype=torch.float64)
    image = (ramp[:, None] + ramp).expand(1, 3, 640, 640)
    with torch.no_grad():
        a, b = (model(image)[0, 0, 300:340, 300:340] for model in (ours, theirs))
    torch.testing.assert_close(a, b, rtol=1e-5, atol=0)
    assert (a.diff(dim=0) > 0).all()


def test_skips_are_fused_where_they_belong():
    # Only pool3 is scored: a bright pixel then raises the logits around itself
    model = make_linear(FCN8s(1, base_channels=1))
    for layer in (model.score_fc7, model.score_skips[0]):
        nn.init.zeros_(layer.weight)
    gradient = gradient_of(model, (97, 110), 48, 51)
    assert center_of_mass(gradient) == pytest.approx((48, 51), abs=0.01)
    top, left, bottom, right = support_box(gradient)
    assert bottom - top <= 44 + 8
    assert right - left <= 44 + 8


@pytest.mark.parametrize("form", FORMS)
def test_filling_up_is_padding_by_zeros(form):
    model = scored(form(3, base_channels=2)).eval()
    image = torch.randn(1, 3, 45, 70)
    filled = F.pad(image, (0, 96 - 70, 0, 64 - 45))
    with torch.no_grad():
        torch.testing.assert_close(model(image), model(filled)[..., :45, :70])


def test_logits_of_fcn32s_are_its_enlarged_scores():
    model = scored(FCN32s(3, base_channels=2)).double().eval()
    image = torch.randn(1, 3, 64, 96, dtype=torch.float64)
    with torch.no_grad():
        x = image
        for stage in model.stages:
            x = F.max_pool2d(stage(x), 2)
        scores = model.score_fc7(model.fc7(model.fc6(x)))
        expected = F.interpolate(scores, size=(64, 96), mode="bilinear")
        torch.testing.assert_close(model(image), expected)


@pytest.mark.parametrize("form", FORMS)
def test_logits_are_zero_before_training(form):
    logits = form(5, base_channels=2)(torch.randn(1, 3, 40, 50))
    torch.testing.assert_close(logits, torch.zeros(1, 5, 40, 50))


@pytest.mark.parametrize("first_padding", [1, 100])
def test_learned_upsampling_starts_as_interpolation(first_padding):
    fixed = scored(FCN8s(3, base_channels=2, first_padding=first_padding)).eval()
    learned = FCN8s(
        3, base_channels=2, first_padding=first_padding, learned_upsampling=True
    ).eval()
    missing, _ = learned.load_state_dict(fixed.state_dict(), strict=False)
    assert missing == [f"upsamplings.{i}.weight" for i in range(3)]
    image = torch.randn(1, 3, 45, 70)
    with torch.no_grad():
        torch.testing.assert_close(learned(image), fixed(image), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("form", FORMS)
def test_with_batch_normalization_every_parameter_learns_from_32_pixels(form):
    model = form(3, base_channels=4, batch_norm=True)
    # 13 convolutions, fc6 and fc7, and none after the scores
    assert sum(isinstance(m, nn.BatchNorm2d) for m in model.modules()) == 15
    for score in (model.score_fc7, *model.score_skips):
        # scores of 0, as at the start, let no gradient through to what is before them
        nn.init.kaiming_normal_(score.weight, nonlinearity="linear")
    assert_every_parameter_learns(model)


def test_the_first_padding_is_ours_or_the_papers():
    with pytest.raises(ValueError, match="must be 1 or 100, got 50"):
        FCN8s(3, base_channels=1, first_padding=50)


def test_learned_upsampling_is_in_float32_under_autocast():
    model = scored(FCN8s(3, base_channels=2, learned_upsampling=True)).eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(torch.randn(1, 3, 64, 96))
    assert (logits != logits.bfloat16()).double().mean() > 0.5
