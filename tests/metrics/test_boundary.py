import math

import pytest
import torch

from course_utils.metrics import (
    boundary_band,
    boundary_curve,
    boundary_distance,
    boundary_iou,
)


def test_the_distance_to_another_label_counts_from_void_too():
    # The middle 0 of the last row: 1 below the 2; its neighbors: sqrt(2) away from it
    inf = math.inf
    row = boundary_distance(torch.tensor([[1, 1, 0, 0, 0, 255]]))
    torch.testing.assert_close(row, torch.tensor([[2.0, 1, 1, 2, 1, inf]]))
    square = boundary_distance(torch.tensor([[0, 2, 0], [0, 0, 0]]))
    root = math.sqrt(2)
    torch.testing.assert_close(square, torch.tensor([[1, 1, 1], [root, 1, root]]))


def test_the_frame_of_a_photograph_is_no_border():
    inf = math.inf
    targets = torch.full((2, 2, 4), 255, dtype=torch.uint8)
    targets[0, :1, :3] = torch.tensor([1, 0, 0])  # 1 high, 3 wide
    targets[1, :, :2] = 3  # 2 high, 2 wide, of one label
    sizes = torch.tensor([[1, 3], [2, 2]])
    expected = torch.full((2, 2, 4), inf)
    expected[0, 0, :3] = torch.tensor([1, 1, 2])
    torch.testing.assert_close(boundary_distance(targets, sizes=sizes), expected)
    # Without sizes the padding is a label, and 1 pixel from all but the first column
    # of the second map, which is 2 pixels from it
    expected[0, 0, :3] = 1
    expected[1, :, :2] = torch.tensor([2, 1])
    torch.testing.assert_close(boundary_distance(targets), expected)


def test_void_inside_a_photograph_is_a_border_and_has_no_distance():
    inf = math.inf
    target = torch.tensor([[[1, 1, 255, 1, 255]]])
    distance = boundary_distance(target, sizes=torch.tensor([[1, 4]]))
    torch.testing.assert_close(distance, torch.tensor([[[2, 1, inf, 1, inf]]]))


def band_of(target, width):
    band = boundary_band(torch.tensor(target), width)
    assert band.dtype == torch.bool
    return band.int().tolist()


@pytest.mark.parametrize(
    ("row", "width", "expected"),
    [
        # the same width on either side of a straight border
        ([1, 1, 1, 1, 0, 0, 0, 0], 1, [0, 0, 0, 1, 1, 0, 0, 0]),
        ([1, 1, 1, 1, 0, 0, 0, 0], 2, [0, 0, 1, 1, 1, 1, 0, 0]),
        ([1, 1, 1, 1, 0, 0, 0, 0], 3, [0, 1, 1, 1, 1, 1, 1, 0]),
        # void is not in the band, but its edge is a border
        ([1, 1, 1, 255, 255, 0, 0, 0], 1, [0, 0, 1, 0, 0, 1, 0, 0]),
        ([1, 1, 1, 255, 255, 0, 0, 0], 2, [0, 1, 1, 0, 0, 1, 1, 0]),
        # the edge of the image is no border
        ([1, 1, 1, 1, 1, 0], 1, [0, 0, 0, 0, 1, 1]),
        ([2, 2, 2], 5, [0, 0, 0]),
        ([255, 255], 5, [0, 0]),
    ],
)
def test_the_band_of_a_row_by_hand(row, width, expected):
    assert band_of([row], width) == [expected]


def test_the_distance_is_euclidean():
    # one pixel of class 1 in the middle: its diagonal neighbors are sqrt(2) away,
    # the pixel 2 to the right is 2 away
    target = [[int((r, c) == (2, 2)) for c in range(5)] for r in range(5)]
    plus = [[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 1, 1, 0]]
    assert band_of(target, 1)[:3] == plus
    square = [[0, 0, 0, 0, 0], [0, 1, 1, 1, 0], [0, 1, 1, 1, 0]]
    assert band_of(target, 1.5)[:3] == square
    assert band_of(target, 2)[:3] == [[0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [1] * 5]


@pytest.mark.parametrize("width", [1, 2, 3.5])
def test_the_band_agrees_with_the_distances_between_all_pixels(width):
    generator = torch.Generator().manual_seed(0)
    coarse = torch.randint(4, (3, 4, 5), generator=generator, dtype=torch.uint8)
    target = coarse.repeat_interleave(4, 1).repeat_interleave(3, 2)
    target[target == 3] = 255
    rows, columns = torch.meshgrid(torch.arange(16), torch.arange(15), indexing="ij")
    places = torch.stack([rows.flatten(), columns.flatten()], dim=1).double()
    near = torch.cdist(places, places) <= width
    for band, labels in zip(boundary_band(target, width), target, strict=True):
        other = labels.flatten()[:, None] != labels.flatten()
        expected = (near & other).any(dim=1).view(16, 15) & (labels != 255)
        torch.testing.assert_close(band, expected)


def test_boundary_band_refuses_what_it_can_not_measure():
    with pytest.raises(ValueError, match="width must be at least 1, got 0"):
        boundary_band(torch.zeros(2, 2, dtype=torch.int64), 0)
    with pytest.raises(TypeError, match=r"target .*float32"):
        boundary_band(torch.zeros(2, 2), 1)
    with pytest.raises(ValueError, match=r"\(4,\)"):
        boundary_band(torch.zeros(4, dtype=torch.int64), 1)


def test_boundary_iou_counts_the_pixels_of_the_band_alone():
    target = torch.tensor([[1, 1, 1, 1, 0, 0, 0, 0]])
    prediction = torch.tensor([[0, 1, 1, 1, 1, 0, 0, 0]])
    # width 1: target 1 0, prediction 1 1; class 0: 0 of 1, class 1: 1 of 2
    assert boundary_iou(prediction, target, 2, width=1) == pytest.approx(1 / 4)
    # width 2: target 1 1 0 0, prediction 1 1 1 0; class 0: 1 of 2, class 1: 2 of 3
    assert boundary_iou(prediction, target, 2, width=2) == pytest.approx(7 / 12)
    # all: class 0: 3 of 5, class 1: 3 of 5
    assert boundary_iou(prediction, target, 2, width=8) == pytest.approx(3 / 5)
    assert boundary_iou(prediction, target, 2) == boundary_iou(
        prediction, target, 2, width=3
    )


def test_boundary_iou_counts_neither_void_nor_maps_without_borders():
    target = torch.tensor([[1, 1, 255, 0, 0]])
    prediction = torch.tensor([[1, 1, 7, 0, 0]])
    assert boundary_iou(prediction, target, 2) == 1
    zeros = torch.zeros(2, 4, 4, dtype=torch.int64)
    assert math.isnan(boundary_iou(zeros, zeros, 2))


def coarse_pair():
    """A prediction and a target of blocks, 9 pixels wide, both at random."""
    generator = torch.Generator().manual_seed(0)
    coarse = torch.randint(3, (2, 4, 9, 12), generator=generator)
    return coarse.repeat_interleave(9, 2).repeat_interleave(9, 3)


def test_the_boundary_curve_is_the_boundary_iou_at_every_width():
    prediction, target = coarse_pair()
    curve = boundary_curve(prediction, target, 3, widths=[1, 2, 5])
    expected = [boundary_iou(prediction, target, 3, width=w) for w in (1, 2, 5)]
    assert curve == expected
    distance = boundary_distance(target)
    curve = boundary_curve(prediction, target, 3, widths=[2], distance=distance)
    assert curve == expected[1:2]
