import pytest
import torch
from fields import center_of_mass, gradient_of, make_linear, make_positive
from gradients import assert_every_parameter_learns
from torch import nn

from course_utils.analysis.receptive_field import effective_receptive_field, support_box
from course_utils.analysis.summary import model_summary
from course_utils.models.unet import UNet, UpBlock


def count(model):
    return sum(p.numel() for p in model.parameters())


def test_the_papers_network_has_its_parameters_and_sizes():
    with torch.device("meta"):
        model = UNet(2, in_channels=1, padded=False, batch_norm=False)
        assert count(model) == 31_030_658
        assert model(torch.empty(1, 1, 572, 572)).shape == (1, 2, 388, 388)
    convs = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    ups = [m for m in model.modules() if isinstance(m, nn.ConvTranspose2d)]
    assert len(convs) + len(ups) == 23  # "in total the network has 23 layers"


# 2 input channels more: 2·9·64. 19 classes more: 19·65. Batch normalization: 2 numbers
# for each of 2·(64 + 128 + 256 + 512)·2 + 2·1024 channels
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"batch_norm": False}, 31_030_658 + 1152 + 19 * 65),
        ({}, 31_030_658 + 1152 + 19 * 65 + 2 * 5888),
        ({"padded": False}, 31_030_658 + 1152 + 19 * 65 + 2 * 5888),
    ],
)
def test_parameters_of_the_other_forms(options, expected):
    with torch.device("meta"):
        assert count(UNet(21, **options)) == expected


def test_sizes_of_the_papers_levels():
    # Fig. 1 of the paper, down the left side and up the right
    with torch.device("meta"):
        model = UNet(2, in_channels=1, padded=False, batch_norm=False)
    rows = model_summary(model, (572, 572), in_channels=1).rows
    shapes = {row.name: row.output_shape[:2] for row in rows if row.name != "pool"}
    assert list(shapes.values()) == [
        *[(64, 568), (128, 280), (256, 136), (512, 64), (1024, 28)],
        *[(512, 52), (256, 100), (128, 196), (64, 388), (2, 388)],
    ]


@pytest.mark.parametrize("size", [(188, 204), (572, 188)])
def test_unpadded_logits_lose_184_pixels(size):
    with torch.device("meta"):
        model = UNet(4, base_channels=1, padded=False)
        height, width = (side - 184 for side in size)
        assert model(torch.zeros(2, 3, *size)).shape == (2, 4, height, width)


@pytest.mark.parametrize("size", [(187, 188), (572, 570), (172, 188), (256, 256)])
def test_sizes_that_the_papers_form_can_not_halve_are_refused(size):
    height, width = size
    message = f"188 plus a multiple of 16, got {height}×{width}"
    with pytest.raises(ValueError, match=message), torch.device("meta"):
        UNet(2, base_channels=1, padded=False)(torch.zeros(1, 3, *size))


def test_pools_round_up_so_that_no_row_is_without_an_answer_from_below():
    # 33, 17, 9, 5, 3 rows and 50, 25, 13, 7, 4 columns
    rows = {r.name: r for r in model_summary(UNet(2, base_channels=1), (33, 50)).rows}
    assert rows["bottleneck"].output_shape == (16, 3, 4)
    # 32·2 = 64 rows are never fewer than a skip's: nothing is ever filled with zeros
    assert rows["decoder.0"].output_shape == (8, 5, 7)


def test_the_bottleneck_sees_exactly_140_pixels():
    model = make_positive(UNet(1, base_channels=2))
    fields = {row.name: row.field for row in model_summary(model).rows}
    assert (fields["bottleneck"].size, fields["bottleneck"].stride) == (140, 16)
    encoder = [part for stage in model.encoder for part in (stage, model.pool)]
    deepest = nn.Sequential(*encoder, model.bottleneck)
    gradient = effective_receptive_field(deepest, (208, 224), cell=(6, 7))
    # Cell 6 lies around pixel 6·16 + 7.5 = 103.5, cell 7 around 119.5, 70 to a side
    assert support_box(gradient) == (34, 50, 174, 190)


CELL = slice(112, 128), slice(128, 144)  # a whole cell of the deepest map


# A pixel shares its cells of up to 16 pixels with neighbors; averaged over the cells'
# places the center of mass is the pixel itself
@pytest.mark.parametrize(
    ("pixels", "center", "tolerance"),
    [
        ((120, 131), (120, 131), 4),
        ((121, 130), (121, 130), 4),
        (CELL, (119.5, 135.5), 1e-4),
    ],
)
def test_a_pixel_looks_at_itself_at_odd_sizes_too(pixels, center, tolerance):
    model = UNet(2, base_channels=1, batch_norm=False)
    model = make_linear(model, (nn.Conv2d, nn.ConvTranspose2d))
    gradient = gradient_of(model, (241, 255), *pixels)
    assert center_of_mass(gradient) == pytest.approx(center, abs=tolerance)


def cropped_from_the_middle(skip, size):
    top, left = ((a - b) // 2 for a, b in zip(skip.shape[-2:], size, strict=True))
    return skip[..., top : top + size[0], left : left + size[1]]


@pytest.mark.parametrize(("padded", "size"), [(True, (37, 50)), (False, (188, 204))])
def test_the_network_written_out(padded, size):
    model = UNet(3, base_channels=2, padded=padded).eval()
    image = torch.randn(2, 3, *size)
    with torch.no_grad():
        one, two, three, four = model.encoder
        a = one(image)
        b = two(model.pool(a))
        c = three(model.pool(b))
        d = four(model.pool(c))
        x = model.bottleneck(model.pool(d))
        for block, skip in zip(model.decoder, (d, c, b, a), strict=True):
            up = block.up(x)
            if padded:  # 5, 10, 19 and 37 rows, up from 3, 5, 10 and 19
                up = up[..., : skip.shape[-2], : skip.shape[-1]]
            else:
                skip = cropped_from_the_middle(skip, up.shape[-2:])
            x = block.convs(torch.cat([up, skip], dim=1))
        torch.testing.assert_close(model(image), model.score(x))


def test_unpadded_and_padded_agree_far_from_the_border():
    ours = UNet(2, base_channels=2, batch_norm=False).double()
    theirs = UNet(2, base_channels=2, padded=False, batch_norm=False).double()
    theirs.load_state_dict(ours.state_dict())
    image = torch.randn(1, 3, 320, 336, dtype=torch.float64)
    # Unpadded, the deepest cells begin 2 + 2·2 + 2·4 + 2·8 = 30 pixels in: a start at
    # pixel 2 makes it 32, a whole number of cells, and 2 + 92 that of the logits
    with torch.no_grad():
        whole = ours(image)[..., 94:210, 94:226]
        middle = theirs(image[..., 2:302, 2:318])
    torch.testing.assert_close(whole, middle)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_the_first_logits_are_of_the_size_of_1(batch_norm):
    model = UNet(5, base_channels=8, batch_norm=batch_norm)
    with torch.no_grad():
        std = model(torch.randn(2, 3, 64, 64)).std()
    assert 0.2 < std < 5


def test_every_parameter_learns_from_two_images_of_32_pixels():
    model = UNet(3, base_channels=4)
    # two of each level, on the way down and up
    assert sum(isinstance(m, nn.BatchNorm2d) for m in model.modules()) == 18
    assert_every_parameter_learns(model)


def test_a_block_takes_skips_of_any_channels_and_sizes():
    block = UpBlock(6, 4, 5)
    x = torch.randn(2, 6, 7, 8)
    assert block(x, torch.randn(2, 4, 13, 17)).shape == (2, 5, 13, 17)
    assert block.up.weight.shape == (6, 3, 2, 2)
