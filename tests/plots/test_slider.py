import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from course_utils.plots.slider import with_slider


def draw_gray(level):
    """A figure that is all of one gray."""
    ax = plt.subplots(figsize=(1, 1), facecolor=str(level))[1]
    ax.set_axis_off()
    return ax


def pixel_of(picture):
    return np.asarray(Image.open(io.BytesIO(picture.value)).convert("L"))[0, 0]


def test_the_figure_begins_with_the_value_and_follows_the_slider():
    box = with_slider(draw_gray, "level", [0.0, 0.5, 1.0], value=1.0)
    slider, picture = box.children
    assert pixel_of(picture) == 255
    slider.value = 0.0
    assert pixel_of(picture) == 0
    assert plt.get_fignums() == []
    assert repr(box) == "(In a live notebook, a slider stands here.)"


def test_a_value_that_is_no_option_is_refused():
    with pytest.raises(ValueError, match=r"one of \[1, 2\], got 3"):
        with_slider(draw_gray, "level", [1, 2], value=3)


def test_a_legend_below_the_axes_is_not_cut_off():
    def draw(level):
        ax = plt.subplots(figsize=(2, 2), dpi=50)[1]
        ax.plot([0, level], label="a line")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.6))
        return ax

    _, picture = with_slider(draw, "level", [1, 2], value=1).children
    assert Image.open(io.BytesIO(picture.value)).height > 2 * 50
