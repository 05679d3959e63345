from itertools import pairwise
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils.plots import plot_boundary_curve, plot_history


def history(*mean_iou):
    losses = [2.0 - k / 4 for k in range(len(mean_iou))]
    return SimpleNamespace(train_loss=losses, mean_iou=list(mean_iou))


def test_a_history_is_a_loss_curve_and_a_score_in_percent():
    loss, score = plot_history(history(0.1, 0.25, float("nan")))
    assert loss.lines[0].get_xydata().tolist() == [[1, 2], [2, 1.75], [3, 1.5]]
    np.testing.assert_allclose(score.lines[0].get_ydata(), [10, 25, np.nan])
    assert (loss.get_ylabel(), score.get_ylabel()) == ("mean loss, nats", "mean IoU, %")
    assert loss.get_xlabel() == score.get_xlabel() == "epoch"
    assert score.get_legend() is None


def test_histories_differ_in_color_marker_and_line():
    names = [f"model {k}" for k in range(11)]
    _, score = plot_history({name: history(0.1, 0.2) for name in names})
    assert [t.get_text() for t in score.get_legend().get_texts()] == names
    looks = [
        (to_hex(x.get_color()), x.get_marker(), x.get_linestyle()) for x in score.lines
    ]
    assert len({look[:2] for look in looks}) == 11
    for one, two in pairwise(looks):
        assert all(a != b for a, b in zip(one, two, strict=True))


def test_histories_that_can_not_be_drawn_are_refused():
    with pytest.raises(ValueError, match="unet must have at least one epoch"):
        plot_history({"unet": history()})
    with pytest.raises(ValueError, match="proportions from 0 to 1, got 25"):
        plot_history(history(0.1, 25))
    assert plt.get_fignums() == []


def test_boundary_curves_are_drawn_in_percent_over_the_widths():
    ax = plot_boundary_curve({"FCN-32s": [0.3, 0.5], "U-Net": [0.4, 0.6]}, [1, 10])
    np.testing.assert_allclose(ax.lines[1].get_xydata(), [[1, 40], [10, 60]])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["FCN-32s", "U-Net"]
    assert "pixels" in ax.get_xlabel()
    assert ax.get_ylabel() == "mean IoU inside the band, %"


def test_boundary_curves_that_can_not_be_drawn_are_refused():
    with pytest.raises(ValueError, match=r"U-Net .* each of the 3 widths, got 2"):
        plot_boundary_curve({"U-Net": [0.4, 0.6]}, [1, 2, 3])
    with pytest.raises(
        ValueError, match="U-Net must be proportions from 0 to 1, got 40"
    ):
        plot_boundary_curve({"U-Net": [40, 60]}, [1, 2])
