import pytest
import torch
import torch.nn.functional as F
from gradients import assert_every_parameter_learns
from torch import nn

from course_utils.analysis.summary import model_summary
from course_utils.models.fc_densenet import (
    DenseBlock,
    FCDenseNet,
    TransitionUp,
    fc_densenet56,
    fc_densenet67,
    fc_densenet103,
)


def small(num_classes=3, **options):
    """A net with two pools and blocks of two layers, at the widths 6 and 2."""
    options = {"base_channels": 8, "layers_per_block": (2, 2, 2, 2, 2), **options}
    return FCDenseNet(num_classes, **options)


def stages(model):
    """Channels of each block's stack, down, bottleneck, up."""
    rows = model_summary(model, (64, 64)).rows
    names = ("down_blocks", "bottleneck", "up_blocks")
    return [r.output_shape[0] for r in rows if r.name.startswith(names)]


# The published nets: 1.5, 3.5 and 9.4 M. The authors' code counts running statistics
# too, which makes 9,425,163 at 11 classes
@pytest.mark.parametrize(
    ("form", "at_21", "at_11", "convolutions"),
    [
        (fc_densenet56, 1_378_725, 1_376_795, 56),
        (fc_densenet67, 3_466_133, 3_463_243, 67),
        (fc_densenet103, 9_324_661, 9_322_091, 103),
    ],
)
def test_parameters_and_depth_are_those_of_the_paper(form, at_21, at_11, convolutions):
    for num_classes, expected in ((21, at_21), (11, at_11)):
        with torch.device("meta"):
            model = form(num_classes)
        assert sum(p.numel() for p in model.parameters()) == expected
    layers = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    layers += [m for m in model.modules() if isinstance(m, nn.ConvTranspose2d)]
    assert len(layers) == convolutions


def test_parameters_with_running_statistics_are_those_of_the_authors_code():
    with torch.device("meta"):
        model = fc_densenet103(11)
    buffers = [b for name, b in model.named_buffers() if "running" in name]
    assert sum(t.numel() for t in [*model.parameters(), *buffers]) == 9_425_163


@pytest.mark.parametrize(
    ("form", "down", "up"),
    [
        # 48 and 4·12 = 48 more a block; up: skip + 48 enlarged + 48 new
        (fc_densenet56, [96, 144, 192, 240, 288, 336], [384, 336, 288, 240, 192]),
        # 48 and 5·16 = 80 more a block; up: skip + 160
        (fc_densenet67, [128, 208, 288, 368, 448, 528], [608, 528, 448, 368, 288]),
        # The paper's table, corrected by its authors from the bottleneck on
        (fc_densenet103, [112, 192, 304, 464, 656, 896], [1088, 816, 576, 384, 256]),
    ],
)
def test_channels_of_every_stage(form, down, up):
    with torch.device("meta"):
        model = form(11)
    assert stages(model) == down + up


@pytest.mark.parametrize(
    ("form", "field"),
    [(fc_densenet56, 538), (fc_densenet67, 664), (fc_densenet103, 1622)],
)
def test_the_theoretical_field_of_the_bottleneck(form, field):
    model = form(3, base_channels=1)
    fields = {row.name: row.field for row in model_summary(model, (64, 64)).rows}
    assert (fields["bottleneck"].size, fields["bottleneck"].stride) == (field, 32)


@pytest.mark.parametrize(("base_channels", "channels"), [(64, 48), (8, 6), (1, 1)])
def test_widths_scale_and_round_up(base_channels, channels):
    model = FCDenseNet(3, base_channels=base_channels, growth_rate=12)
    growth = {64: 12, 8: 2, 1: 1}[base_channels]  # 12·8/64 = 1.5 and 12/64
    assert model.first.out_channels == channels
    assert model.bottleneck.layers[0][2].out_channels == growth


def test_the_network_written_out():
    model = small().eval()
    for norm in (m for m in model.modules() if isinstance(m, nn.BatchNorm2d)):
        nn.init.normal_(norm.running_mean)
        nn.init.uniform_(norm.running_var, 0.5, 2)
        nn.init.normal_(norm.weight)
        nn.init.normal_(norm.bias)

    def layer(x, parts):
        norm, _, conv = parts[:3]
        x = F.batch_norm(
            x, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps
        )
        return F.conv2d(
            x.relu(), conv.weight, conv.bias, padding=conv.weight.shape[-1] // 2
        )

    def block(x, layers):
        new = []
        for parts in layers:
            new.append(layer(torch.cat([x, *new], dim=1), parts))
        return torch.cat([x, *new], dim=1), torch.cat(new, dim=1)

    def up(x, skip, conv):
        x = F.conv_transpose2d(x, conv.weight, conv.bias, stride=2)
        return torch.cat([x[..., : skip.shape[-2], : skip.shape[-1]], skip], dim=1)

    image = torch.randn(2, 3, 37, 50)
    with torch.no_grad():
        x = F.conv2d(image, model.first.weight, model.first.bias, padding=1)
        a, _ = block(x, model.down_blocks[0].layers)
        x = F.max_pool2d(layer(a, model.transitions_down[0].mix), 2)
        b, _ = block(x, model.down_blocks[1].layers)
        x = F.max_pool2d(layer(b, model.transitions_down[1].mix), 2)
        _, new = block(x, model.bottleneck.layers)
        x = up(new, b, model.transitions_up[0].up)
        _, new = block(x, model.up_blocks[0].layers)
        x, _ = block(up(new, a, model.transitions_up[1].up), model.up_blocks[1].layers)
        torch.testing.assert_close(model(image), model.score(x), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("size", [(6, 8), (7, 9), (6, 9)])
def test_a_transition_up_fits_even_and_odd_skips(size):
    up = TransitionUp(2, 3)
    x, skip = torch.randn(1, 2, 3, 4), torch.randn(1, 5, *size)
    joined = up(x, skip)
    assert joined.shape == (1, 8, *size)
    torch.testing.assert_close(joined[:, 3:], skip)
    torch.testing.assert_close(joined[:, :3], up.up(x)[..., : size[0], : size[1]])


def test_enlarged_cells_lie_within_half_a_pixel_of_their_place():
    # Cell 3 covers the pixels 6 and 7, so its middle is 6.5; an odd kernel can't hit it
    up = TransitionUp(1, 1)
    nn.init.ones_(up.up.weight)
    x = torch.zeros(1, 1, 8, 8)
    x[..., 3, 3] = 1
    reached = up(x, torch.zeros(1, 1, 17, 17))[0, 0].nonzero().float().mean(dim=0)
    assert reached.tolist() == pytest.approx([7, 7])


def test_weights_start_uniform_by_he():
    model = fc_densenet56(3)
    conv = model.up_blocks[0].layers[3][2]
    bound = (6 / conv.weight[0].numel()) ** 0.5
    assert 0.98 * bound < conv.weight.abs().max() <= bound
    assert conv.weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.02)
    assert all(
        p.abs().max() == 0 for n, p in model.named_parameters() if "first.b" in n
    )


def test_every_new_map_is_partly_dropped_in_training_alone():
    block = DenseBlock(2, 4, 3)
    for layer in block.layers:  # every convolution then returns 1
        nn.init.zeros_(layer[2].weight)
        nn.init.ones_(layer[2].bias)
    _, new = block(torch.randn(4, 2, 32, 32))
    assert sorted(new.unique().tolist()) == pytest.approx([0, 1 / 0.8])
    assert (new == 0).float().mean() == pytest.approx(0.2, abs=0.01)
    assert not (new == 0).all(dim=(2, 3)).any()  # single cells, never whole maps
    assert (block.eval()(torch.randn(4, 2, 8, 8))[1] == 1).all()


def test_batch_statistics_make_a_prediction_depend_on_the_batch():
    model = small().eval()
    images = torch.randn(3, 3, 32, 40)
    images[2] *= 5
    with torch.no_grad():
        alone, together = model(images[:1]), model(images)[:1]
        torch.testing.assert_close(alone, together, rtol=1e-4, atol=1e-4)
        model.batch_statistics = True
        alone, together = model(images[:1]), model(images)[:1]
    assert (alone - together).abs().max() > 0.01


def test_batch_statistics_are_those_of_training_without_dropout():
    model = small(batch_statistics=True)
    for dropout in (m for m in model.modules() if isinstance(m, nn.Dropout)):
        dropout.p = 0.0
    images = torch.randn(2, 3, 32, 40)
    trained = model(images)
    torch.testing.assert_close(model.eval()(images), trained)


def test_running_averages_are_kept_whatever_is_used():
    model = small(batch_statistics=True)
    before = model.bottleneck.layers[0][0].running_mean.clone()
    model(torch.randn(2, 3, 32, 32))
    after = model.bottleneck.layers[0][0].running_mean.clone()
    assert not after.equal(before)
    model.eval()(torch.randn(2, 3, 32, 32))
    torch.testing.assert_close(model.bottleneck.layers[0][0].running_mean, after)


@pytest.mark.parametrize("training", [True, False])
def test_a_single_value_per_channel_has_no_statistics(training):
    model = fc_densenet56(3, base_channels=1, batch_statistics=True).train(training)
    message = r"two values per channel, got one image of 63×40 pixels, .* map is 1×1"
    with pytest.raises(ValueError, match=message):
        model(torch.zeros(1, 3, 63, 40))
    model(torch.zeros(2, 3, 63, 40))
    model(torch.zeros(1, 3, 64, 40))
    model.batch_statistics = False
    model.eval()(torch.zeros(1, 3, 63, 40))


@pytest.mark.parametrize("blocks", [(4, 4), (4,), ()])
def test_blocks_that_make_no_way_down_and_up_are_refused(blocks):
    with pytest.raises(ValueError, match=f"odd number .* got {len(blocks)}"):
        FCDenseNet(3, layers_per_block=blocks)


def test_every_parameter_learns_from_two_images():
    assert_every_parameter_learns(small())
