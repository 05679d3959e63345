from functools import partial

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course_utils.analysis.receptive_field import ReceptiveField
from course_utils.analysis.summary import ModelSummary, model_summary
from course_utils.models.fcn import FCN8s, FCN32s
from course_utils.plots.architecture import draw_architecture


class TwoBranches(nn.Module):
    """A 3×3 and a 5×5 convolution side by side, joined and scored."""

    def __init__(self):
        super().__init__()
        self.narrow = nn.Conv2d(3, 4, 3, padding=1)
        self.wide = nn.Sequential(nn.Conv2d(3, 4, 5, padding=2), nn.ReLU())
        self.score = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        return self.score(torch.cat([self.narrow(x), self.wide(x)], dim=1))


def test_two_branches_have_a_row_each_and_the_wider_one_counts():
    rows = model_summary(TwoBranches(), (16, 20)).rows
    assert [row.name for row in rows] == ["narrow", "wide", "score"]
    assert [row.output_shape for row in rows] == [(4, 16, 20)] * 2 + [(2, 16, 20)]
    assert [row.field for row in rows] == [ReceptiveField(k, 1, 0) for k in (3, 5, 5)]


def test_parameters_multiply_adds_and_activations_by_hand():
    summary = model_summary(TwoBranches(), (16, 20))
    # 3·4·9 weights and 4 biases; 3·4·25 and 4; 8·2 and 2
    assert [row.parameters for row in summary.rows] == [112, 304, 18]
    # a multiply-add per weight and pixel
    multiply_adds = [row.multiply_adds for row in summary.rows]
    assert multiply_adds == [108 * 320, 300 * 320, 16 * 320]
    # float32: 4 channels; 4 and 4 of the ReLU that is not in place; 2. The joined 8
    # channels belong to no part, so they are in no row
    activations = [row.activation_bytes for row in summary.rows]
    assert activations == [4 * 4 * 320, 4 * 8 * 320, 4 * 2 * 320]
    assert summary.parameters == 434
    assert summary.multiply_adds == 424 * 320
    assert summary.activation_bytes == 4 * 14 * 320


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("learned", [False, True])
def test_the_rows_add_up_to_the_model(depth, learned):
    model = FCN8s(5, base_channels=2, learned_upsampling=learned)
    summary = model_summary(model, (64, 96), depth=depth)
    assert summary.parameters == sum(p.numel() for p in model.parameters())
    with FlopCounterMode(display=False) as counter:
        model(torch.randn(1, 3, 64, 96))
    assert 2 * summary.multiply_adds == counter.get_total_flops()


def test_every_depth_opens_one_more_level():
    inner = nn.Sequential(nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU()))
    for depth, names in enumerate((["0"], ["0.0"], ["0.0.0", "0.0.1"]), start=1):
        rows = model_summary(nn.Sequential(inner), depth=depth).rows
        assert [row.name for row in rows] == names


def test_a_part_that_runs_twice_is_counted_once():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x):
            return self.conv(self.conv(x))

    summary = model_summary(Twice(), (10, 10))
    assert [row.field.size for row in summary.rows] == [3, 5]
    assert summary.parameters == 84
    assert summary.multiply_adds == 2 * 81 * 100


def test_the_model_is_not_changed():
    model = FCN32s(3, base_channels=2, batch_norm=True)
    model.stages[0].eval()
    modes = [m.training for m in model.modules()]
    before = {k: v.clone() for k, v in model.state_dict().items()}
    model_summary(model, (32, 32))  # where batch statistics of one cell would fail
    assert [m.training for m in model.modules()] == modes
    torch.testing.assert_close(dict(model.state_dict()), before, rtol=0, atol=0)
    assert {p.device.type for p in model.parameters()} == {"cpu"}
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


def test_modes_and_hooks_come_back_after_an_error():
    model = TwoBranches()
    with pytest.raises(RuntimeError, match="channel"):
        model_summary(model, in_channels=7)
    assert all(m.training for m in model.modules())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


def test_a_model_without_memory_can_be_listed():
    with torch.device("meta"):
        model = FCN32s(21, first_padding=100)
    summary = model_summary(model, (352, 480))
    assert summary.parameters == 134_346_581
    assert summary.multiply_adds / 1e9 == pytest.approx(138, abs=0.5)  # of the paper's
    assert {p.device.type for p in model.parameters()} == {"meta"}


def test_the_table_has_a_line_per_row_and_a_total():
    lines = str(model_summary(TwoBranches(), (16, 20))).splitlines()
    assert len(lines) == 1 + 3 + 1
    assert lines[0].split()[:4] == ["layer", "output", "(C,", "H,"]
    cost = ["0.00", "G", "0.0", "MiB"]
    # 304 parameters, 96,000 multiply-adds, 10,240 bytes
    shown = ["wide", "4", "×", "16", "×", "20", "1", "5", "304", *cost]
    assert lines[2].split() == shown
    assert lines[-1].split() == ["total", "434", *cost]
    assert not any(line.endswith(" ") for line in lines)


class Rolled(nn.Module):
    """Two convolutions, and between them a function."""

    def __init__(self, between):
        super().__init__()
        self.first, self.between = nn.Conv2d(3, 4, 3), between
        self.second = nn.Conv2d(4, 2, 3)

    def forward(self, x):
        return self.second(self.between(self.first(x)))


@pytest.mark.parametrize(
    "between", [lambda x: torch.fft.fft2(x).real, lambda x: x.cumsum(2), torch.roll]
)
def test_a_field_that_is_not_followed_says_so(between):
    if between is torch.roll:
        between = partial(torch.roll, shifts=5, dims=3)
    summary = model_summary(Rolled(between), (16, 16))
    first, second = summary.rows
    assert first.field == ReceptiveField(3, 1, 1)
    assert second.field is None
    assert summary.parameters == 112 + 74  # 3·4·9 + 4 and 4·2·9 + 2
    assert "-  not followed" in str(summary).splitlines()[2]
    texts = [text.get_text() for text in draw_architecture(summary).texts]
    assert "not followed" in texts


def test_weights_used_as_a_function_are_not_followed():
    class Functional(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.relu = nn.Conv2d(3, 4, 3), nn.ReLU()

        def forward(self, x):
            return self.relu(F.conv2d(x, self.conv.weight, padding=9))

    with pytest.raises(ValueError, match=r"conv\.weight is used outside .* not follow"):
        model_summary(Functional(), (16, 16))


def test_a_stride_below_1_is_printed_as_a_decimal():
    model = nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear"))
    assert "  0.5  " in str(model_summary(model))


def test_the_drawing_has_a_box_as_high_as_each_map():
    summary = model_summary(FCN32s(3, base_channels=2), (64, 96))
    ax = draw_architecture(summary)
    heights = [row.output_shape[1] for row in summary.rows]
    assert [box.get_height() for box in ax.patches] == heights
    assert [box.get_alpha() for box in ax.patches] == [1.0] * len(summary.rows)
    assert len({box.get_x() for box in ax.patches}) == len(summary.rows)
    labels = [text.get_text() for text in ax.texts]
    assert any(label.startswith("fc6") for label in labels)
    assert "404 px" in labels


def test_a_map_of_one_cell_can_be_seen():
    rows = model_summary(TwoBranches(), (1, 1)).rows
    tall = model_summary(TwoBranches(), (240, 8)).rows
    ax = draw_architecture(ModelSummary((*rows, *tall)))
    assert [box.get_height() for box in ax.patches] == [4.0] * 3 + [240] * 3
    assert ax.texts[0].get_text() == "narrow  4×1"


def test_what_comes_after_here_is_pale():
    summary = model_summary(TwoBranches())
    ax = draw_architecture(summary, here="wide", ax=plt.subplots()[1])
    assert [box.get_alpha() for box in ax.patches] == [1.0, 1.0, 0.2]


def test_here_is_the_name_of_a_row():
    with pytest.raises(ValueError, match=r"one of \['narrow'.*got 'fc6'"):
        draw_architecture(model_summary(TwoBranches()), here="fc6")
    assert not plt.get_fignums()
