import matplotlib

matplotlib.use("Agg")
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.analysis.skip_connections import SkipLink, draw_skips, find_skips
from course_utils.analysis.summary import model_summary
from course_utils.models.create import create_model
from course_utils.models.unet import UNet


class Hourglass(nn.Module):
    """Down by 2, up by 2, and joined in some way."""

    def __init__(self, join):
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.deep = nn.Conv2d(4, 4, 3, padding=1)
        self.last = nn.LazyConv2d(2, 1)
        self.join = join
        self(torch.zeros(1, 3, 8, 8))

    def forward(self, x):
        fine = self.first(x)
        coarse, indices = F.max_pool2d(fine, 2, return_indices=True)
        coarse = self.deep(coarse)
        return self.last(self.join(coarse, fine, indices))


def up(x):
    return F.interpolate(x, scale_factor=2)


@pytest.mark.parametrize(
    ("join", "kind"),
    [
        (lambda coarse, fine, _: torch.cat([up(coarse), fine], dim=1), "concatenation"),
        (lambda coarse, fine, _: torch.cat([fine, up(coarse)], 1), "concatenation"),
        (lambda coarse, fine, _: up(coarse) + fine, "addition"),
        (lambda coarse, fine, _: fine.add(up(coarse)), "addition"),
        (lambda coarse, fine, _: up(coarse).add_(fine.relu()), "addition"),
        (lambda coarse, _, indices: F.max_unpool2d(coarse, indices, 2), "indices"),
    ],
)
def test_a_map_that_goes_round_the_deep_part_is_a_skip(join, kind):
    # rows: first, deep, last; joined before last
    expected = SkipLink(kind, source=0, target=2, channels=4, size=(16, 24))
    assert find_skips(Hourglass(join), (16, 24)) == (expected,)


@pytest.mark.parametrize(
    "join",
    [
        lambda coarse, fine, _: up(coarse),
        lambda coarse, fine, _: up(coarse) + 1,
        lambda coarse, fine, _: torch.cat([up(coarse), up(coarse)], dim=1),
        lambda coarse, fine, _: up(coarse + coarse.relu()),
        lambda coarse, fine, _: fine + fine.relu(),
        lambda coarse, fine, _: up(coarse) + torch.zeros_like(fine),
        lambda coarse, fine, _: torch.cat([up(coarse), fine.new_zeros(fine.shape)], 1),
    ],
)
def test_what_is_joined_on_one_level_or_carries_nothing_is_no_skip(join):
    assert find_skips(Hourglass(join), (16, 24)) == ()


def test_maps_that_shrink_by_their_borders_make_no_skip():
    class Valid(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 5)

        def forward(self, x):
            return self.conv(x) + x[..., 2:-2, 2:-2]

    assert find_skips(Valid(), (16, 16)) == ()


# Two of FCN-8s, as many index maps as SegNet has pools, four and five concatenations
@pytest.mark.parametrize(
    ("name", "kind", "carried"),
    [
        ("fcn32s", "addition", []),
        ("fcn8s", "addition", [21, 21]),
        ("segnet", "indices", [512, 512, 256, 128, 64]),
        ("deconvnet", "indices", [512, 512, 256, 128, 64]),
        ("unet", "concatenation", [512, 256, 128, 64]),
        ("fc_densenet56", "concatenation", [288, 240, 192, 144, 96]),
    ],
)
def test_skips_of_the_models(name, kind, carried):
    with torch.device("meta"):
        model = create_model(name, 21)
    links = find_skips(model)
    assert [link.channels for link in links] == carried
    assert {link.kind for link in links} <= {kind}
    rows = model_summary(model).rows
    for link in links:  # the ways part at a map of this size, or at the pool of one
        height, width = link.size
        pooled = (height // 2, width // 2)
        expected = pooled if kind == "indices" else link.size
        assert rows[link.source].output_shape[1:] == expected
    sources = [link.source for link in links]
    assert sources == sorted(sources, reverse=True)


def test_the_rows_of_unets_skips():
    model = UNet(2, base_channels=1, padded=False)
    rows = model_summary(model, (188, 204)).rows
    named = [
        (rows[link.source].name, rows[link.target].name)
        for link in find_skips(model, (188, 204))
    ]
    assert named == [(f"encoder.{3 - k}", f"decoder.{k}") for k in range(4)]


def test_the_figure_has_an_arrow_and_a_number_for_each_skip():
    model = UNet(2, base_channels=1)
    ax = draw_skips(model_summary(model), find_skips(model), title="U-Net")
    assert ax.get_title() == "U-Net: 4 concatenations"
    numbers = [text.get_text() for text in ax.texts if text.get_text()]
    assert numbers == ["8", "4", "2", "1"]
    assert sum(text.arrow_patch is not None for text in ax.texts) == 4
    ticks = [label.get_text() for label in ax.get_yticklabels()]
    assert ticks == ["1", "1/2", "1/4", "1/8", "1/16"]


def test_a_model_without_skips_has_none_in_its_figure():
    with torch.device("meta"):
        model = create_model("fcn32s", 2, base_channels=1)
    ax = draw_skips(model_summary(model), (), title="FCN-32s")
    assert ax.get_title() == "FCN-32s: no skips"
    assert not ax.texts
