from functools import partial

import numpy as np
import pytest

from course_utils.plots import show_receptive_field

draw = partial(show_receptive_field, title="fc7")


def field_of(ax):
    return {p.get_label().split(",")[0]: p.get_bbox().extents for p in ax.patches}


def test_the_boxes_of_a_receptive_field_enclose_their_pixels():
    gradient = np.zeros((40, 60))
    gradient[10, 20] = -2
    gradient[10, 22] = 2
    ax = draw(gradient, theoretical_box=(5, 8, 15, 28), mass_side=3)
    # pixel k reaches from k - 0.5 to k + 0.5: x from left, y from top
    boxes = field_of(ax)
    assert boxes["theoretical"].tolist() == [7.5, 4.5, 27.5, 14.5]
    # around row 10, column 21
    assert boxes["holds 90 % of the gradient"].tolist() == [19.5, 8.5, 22.5, 11.5]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels[0] == "theoretical, 10x20 pixels"
    assert labels[1] == "holds 90 % of the gradient, 3x3 pixels"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("column, pixels", "row, pixels")


def test_a_gradient_is_drawn_over_four_decades_of_its_largest():
    gradient = np.array([[-8, 0.8, 0.0, 8e-9]])
    ax = draw(gradient)
    drawn = np.asarray(ax.images[0].get_array())
    np.testing.assert_allclose(drawn, [[1, 0.1, 1e-4, 1e-4]])
    assert (ax.images[0].norm.vmin, ax.images[0].norm.vmax) == (1e-4, 1)
    assert "largest" in ax.figure.axes[1].get_ylabel()
    assert ax.get_legend() is None


def test_a_box_beyond_the_image_is_seen_whole():
    ax = draw(np.ones((20, 20)), theoretical_box=(-30, -10, 50, 70))
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    assert left < -10.5
    assert right > 69.5
    assert top < -30.5
    assert bottom > 49.5


def test_gradients_that_can_not_be_drawn_are_refused():
    with pytest.raises(ValueError, match="not 0 everywhere; check that the cell"):
        draw(np.zeros((4, 4)))
    with pytest.raises(ValueError, match=r"\(3, 4, 4\); average over the channels"):
        draw(np.ones((3, 4, 4)))
