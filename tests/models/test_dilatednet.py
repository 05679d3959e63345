from fractions import Fraction

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from fields import center_of_mass, gradient_of, make_linear, make_positive
from gradients import assert_every_parameter_learns
from torch import nn

from course_utils.analysis.receptive_field import (
    ReceptiveField,
    effective_receptive_field,
    support_box,
)
from course_utils.analysis.summary import model_summary
from course_utils.models.dilatednet import (
    ContextModule,
    DilatedNet,
    FrontEnd,
    identity_init_,
    reflect_pad,
)
from course_utils.models.fcn import FCN32s
from course_utils.training.losses import cross_entropy

SIZES = [(32, 32), (33, 47), (223, 250), (321, 321), (500, 375), (511, 32)]
FORMS = ["zeros", "reflect"]


def count(model):
    return sum(p.numel() for p in model.parameters())


# VGG16's 13 convolutions 14,714,688; fc6 512·4096·49 + 4096; fc7 4096² + 4096; a score
# of 4096 channels. Basic: seven layers of 9·C² + C, and C² + C: 64·C² + 8·C.
@pytest.mark.parametrize(
    ("num_classes", "front_end", "basic", "large"),
    [(21, 134_346_581, 28_392, 6_803_139), (11, 134_305_611, 7_832, 1_867_129)],
)
def test_parameters_are_those_of_the_paper(num_classes, front_end, basic, large):
    with torch.device("meta"):
        assert count(FrontEnd(num_classes)) == front_end
        assert count(FrontEnd(num_classes, padding="reflect")) == front_end
        assert count(ContextModule(num_classes)) == basic
        assert count(ContextModule(num_classes, large=True)) == large
        assert count(DilatedNet(num_classes, context=None)) == front_end
        assert count(DilatedNet(num_classes)) == front_end + basic
        assert count(DilatedNet(num_classes, context="large")) == front_end + large


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("padding", FORMS)
@pytest.mark.parametrize("context", [None, "basic", "large"])
def test_logits_have_the_size_of_the_image(size, padding, context):
    with torch.device("meta"):
        model = DilatedNet(3, base_channels=1, padding=padding, context=context)
        images = torch.zeros(2, 3, *size)
        assert model(images).shape == (2, 3, *size)
        cells = tuple(-(-side // 8) for side in size)  # rounded up
        assert model.front_end(images).shape == (2, 3, *cells)


@pytest.mark.parametrize("padding", FORMS)
def test_the_theoretical_field_is_380_pixels_and_with_context_908(padding):
    model = DilatedNet(3, base_channels=1, padding=padding)
    fields = {r.name: r.field for r in model_summary(model, depth=1).rows}
    # a cell covers the pixels 0 to 7, whose middle is 3.5
    for name, size in (("front_end", 380), ("context", 908)):
        assert fields[name] == ReceptiveField(size, 8, Fraction(7, 2))


def test_the_gradient_reaches_exactly_380_and_908_pixels():
    model = make_positive(DilatedNet(1, base_channels=1))
    with_context = nn.Sequential(model.front_end, model.context)
    for part, side in ((model.front_end, 380), (with_context, 908)):
        gradient = effective_receptive_field(part, (960, 40), cell=(60, 2))
        top, _, bottom, _ = support_box(gradient)
        assert bottom - top == side
        assert (top + bottom - 1) / 2 == 8 * 60 + 3.5


@pytest.mark.parametrize("large", [False, True])
def test_the_context_module_looks_at_67_by_67_cells_without_a_hole(large):
    module = make_positive(ContextModule(2, large=large))
    gradient = effective_receptive_field(module, 81, cell=(40, 39), in_channels=2)
    assert support_box(gradient) == (7, 6, 74, 73)
    assert (gradient > 0).sum() == 67 * 67


def test_its_window_grows_from_near_to_far_as_in_table_1_of_the_paper():
    rows = model_summary(ContextModule(2), (64, 64), in_channels=2, depth=2).rows
    windows = [row.field.size for row in rows if row.parameters]
    assert windows == [3, 5, 9, 17, 33, 65, 67, 67]


def test_it_starts_as_the_identity_but_for_negative_logits():
    logits = torch.randn(2, 5, 11, 8)
    torch.testing.assert_close(ContextModule(5)(logits), logits.relu(), rtol=0, atol=0)


def test_the_large_form_starts_near_the_identity():
    logits = 10 * torch.rand(1, 21, 20, 20)
    refined = ContextModule(21, large=True)(logits)
    # 1 % of noise on each of up to 9·672 weights, seven times; equal copies can part
    change = (refined - logits).abs().mean() / logits.mean()
    assert 0.02 < change < 0.15


def test_a_class_is_handed_on_to_its_own_channels():
    widen = ContextModule(3, large=True).layers[0]
    middle = widen.weight[..., 1, 1].detach()
    # three classes to six channels: 0 0 1 1 2 2, each with half the weight
    expected = 0.5 * torch.eye(3).repeat_interleave(2, dim=0)
    torch.testing.assert_close(middle, expected, rtol=0, atol=0.05)


def test_the_first_loss_is_the_logarithm_of_the_classes():
    images, targets = torch.randn(1, 3, 40, 40), torch.randint(0, 5, (1, 40, 40))
    for context in (None, "basic"):
        loss = cross_entropy(
            DilatedNet(5, base_channels=1, context=context)(images), targets
        )
        assert loss.item() == pytest.approx(torch.tensor(5.0).log().item(), abs=0.01)


def test_before_training_the_context_module_changes_nothing():
    model = DilatedNet(5, base_channels=2).eval()
    images = torch.randn(2, 3, 40, 48)
    with torch.no_grad():
        cells = model.front_end(images)
        assert (cells > 0).all()  # so that the ReLUs let all of them through
        torch.testing.assert_close(model.context(cells), cells)


@pytest.mark.parametrize("padding", FORMS)
def test_a_pixel_looks_at_itself_at_odd_sizes_too(padding):
    model = make_linear(DilatedNet(1, base_channels=1, padding=padding, context=None))
    # 190 pixels to a side stay inside the image
    gradient = gradient_of(model, (397, 399), 197, 201)
    assert center_of_mass(gradient) == pytest.approx((197, 201), abs=0.01)


def test_both_forms_agree_where_no_border_is_seen():
    ours = FrontEnd(2, base_channels=1).eval()
    papers = FrontEnd(2, base_channels=1, padding="reflect").eval()
    papers.load_state_dict(ours.state_dict())
    image = torch.randn(1, 3, 424, 416)
    with torch.no_grad():
        a, b = ours(image), papers(image)
    inside = (..., slice(24, 29), slice(24, 28))  # 190 pixels from every border
    torch.testing.assert_close(a[inside], b[inside], rtol=1e-4, atol=1e-6)
    assert not a[..., 0, 0].isclose(b[..., 0, 0], rtol=1e-4).all()


def test_the_papers_form_is_an_unpadded_net_on_a_mirrored_image():
    model = FrontEnd(2, base_channels=1, padding="reflect").eval()
    image = torch.randn(1, 3, 200, 192)
    with torch.no_grad():
        x = F.pad(image, (186, 186, 186, 186), mode="reflect")
        for number, stage in enumerate(model.stages):
            x = F.max_pool2d(stage(x), 2) if number < 3 else stage(x)
        x = model.score(model.fc7(model.fc6(x)))
        torch.testing.assert_close(model(image), x)


@pytest.mark.parametrize("size", [(45, 61), (186, 33)])
def test_reflection_goes_on_where_the_margin_exceeds_the_image(size):
    model = make_linear(DilatedNet(1, base_channels=1, padding="reflect", context=None))
    nn.init.zeros_(model.front_end.score.bias)
    image = torch.full((1, 3, *size), 2.0)
    with torch.no_grad():  # a constant image has a constant answer: there is no frame
        torch.testing.assert_close(model(image), torch.full((1, 1, *size), 2.0))
        ours = make_linear(DilatedNet(1, base_channels=1, context=None))
        assert ours(image).max() < 1.9


@pytest.mark.parametrize("size", [(48, 40), (45, 61)])
def test_without_context_it_is_the_front_end_enlarged(size):
    model = DilatedNet(3, base_channels=1, context=None).eval()
    image = torch.randn(1, 3, *size)
    with torch.no_grad():
        scores, logits = model.front_end(image), model(image)
    expected = F.interpolate(scores, scale_factor=8, mode="bilinear")
    torch.testing.assert_close(logits, expected[..., : size[0], : size[1]])
    assert count(model) == count(model.front_end)


def test_the_front_end_holds_the_parameters_of_fcn():
    with torch.device("meta"):
        ours, fcn = FrontEnd(21, base_channels=4), FCN32s(21, base_channels=4)
    shapes = [tuple(p.shape) for p in ours.parameters()]
    assert shapes == [tuple(p.shape) for p in fcn.parameters()]


def test_narrower_fc_layers_can_be_chosen():
    with torch.device("meta"):
        model = DilatedNet(3, base_channels=2, hidden_channels=5)
    assert model.front_end.fc6[0].out_channels == 5
    assert model.front_end.score.in_channels == 5


@pytest.mark.parametrize("kernel_size", [1, 3, 5, (3, 7)])
@pytest.mark.parametrize("bias", [True, False])
def test_after_identity_init_a_convolution_returns_its_input(kernel_size, bias):
    conv = nn.Conv2d(4, 4, kernel_size, padding="same", bias=bias)
    weight, maps = conv.weight, torch.randn(2, 4, 8, 9)
    identity_init_(conv)
    assert conv.weight is weight and weight.requires_grad
    torch.testing.assert_close(conv(maps), maps, rtol=0, atol=0)


@pytest.mark.parametrize(
    ("conv", "match"),
    [
        (nn.Conv2d(2, 4, 3), "as many output as input channels"),
        (nn.Conv2d(4, 4, 3, groups=2), "no groups"),
        (nn.Conv2d(4, 4, 2), r"must be odd to have a middle, got \(2, 2\)"),
    ],
)
def test_what_cannot_be_the_identity_is_refused(conv, match):
    with pytest.raises(ValueError, match=match):
        identity_init_(conv)


@pytest.mark.parametrize("context", ["basic", "large"])
@pytest.mark.parametrize("padding", FORMS)
def test_with_batch_normalization_every_parameter_learns(context, padding):
    model = DilatedNet(
        3,
        base_channels=4,
        batch_norm=True,
        hidden_channels=32,
        context=context,
        padding=padding,
    )
    # 13 convolutions, fc6 and fc7; none after the scores and none in the context
    assert sum(isinstance(m, nn.BatchNorm2d) for m in model.modules()) == 15
    assert_every_parameter_learns(model)


def test_other_forms_are_refused():
    with pytest.raises(ValueError, match='"zeros" or "reflect", got \'mirror\''):
        DilatedNet(3, base_channels=1, padding="mirror")
    with pytest.raises(ValueError, match="\"large\" or None, got 'huge'"):
        DilatedNet(3, base_channels=1, context="huge")


@pytest.mark.parametrize("size", [(4, 6), (1, 5), (2, 2), (1, 1), (7, 3)])
@pytest.mark.parametrize("padding", [0, 1, 3, 20])
@pytest.mark.parametrize("dtype", [torch.float32, torch.uint8])
def test_reflection_equals_numpy_also_where_the_padding_exceeds_the_image(
    size, padding, dtype
):
    image = torch.arange(2 * size[0] * size[1]).view(1, 2, *size).to(dtype)
    sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    expected = torch.from_numpy(np.pad(image.numpy(), sides, mode="reflect"))
    torch.testing.assert_close(reflect_pad(image, padding), expected, rtol=0, atol=0)


def test_gradients_of_a_reflection_are_gathered_from_every_copy_of_a_pixel():
    image = torch.zeros(1, 1, 1, 3, requires_grad=True)
    reflect_pad(image, 2).sum().backward()
    # columns 2 1 0 1 2 1 0, each five times, since the row is repeated
    torch.testing.assert_close(image.grad[0, 0, 0], torch.tensor([10.0, 15.0, 10.0]))


def test_a_negative_padding_is_refused():
    with pytest.raises(ValueError, match="0 or more pixels, got -1"):
        reflect_pad(torch.zeros(1, 1, 3, 3), -1)
