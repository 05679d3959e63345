import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch.utils.data import TensorDataset

from course_utils.datasets.remarks import (
    Borders,
    check_labels,
    count_borders,
    count_values,
    describe_duplicates,
    describe_shares,
    wrapped,
)
from course_utils.labels import make_label_set

MINE = make_label_set("mine", ["floor", "leaf", "fruit"])


def test_a_border_is_sharp_or_passes_through_what_lies_between():
    # Along the rows: 0|2 is sharp, as is 2|0; along the columns nothing changes
    sharp = np.array([[0, 0, 2, 2, 0]] * 3, dtype=np.uint8)
    assert count_borders(sharp) == Borders(smooth=0, sharp=6)
    # 1 lies between its neighbors 0 and 2
    smooth = np.array([[0, 0, 1, 2, 2]] * 3, dtype=np.uint8)
    assert count_borders(smooth) == Borders(smooth=3, sharp=0)
    # Two pixels wide it is still between them, three wide it may be an object
    assert count_borders(np.array([[0, 1, 1, 2]], dtype=np.uint8)).smooth == 1
    assert count_borders(np.array([[0, 1, 1, 1, 2]], dtype=np.uint8)).smooth == 0
    # Void has no place in the order; a thin object neither, if it is no in-between
    for row in ([0, 0, 255, 2, 2], [0, 0, 1, 0, 0]):
        values = np.array([row] * 3, dtype=np.uint8)
        assert count_borders(values) == Borders(smooth=0, sharp=0)


def test_a_target_that_was_smoothed_is_told_from_one_that_was_drawn():
    drawing = Image.new("L", (128, 96))
    pen = ImageDraw.Draw(drawing)
    for k in range(1, 8):  # classes 1 to 7 and 8, between which lines of 1 pixel pass
        pen.ellipse((12 * k, 8 * k, 12 * k + 30, 8 * k + 20), fill=k)
        pen.line((0, 10 * k, 127, 60), fill=8)
    drawn = count_borders(np.asarray(drawing))
    assert 0 < drawn.smooth < drawn.sharp
    for size in ((200, 150), (64, 48), (1024, 768)):
        resized = drawing.resize(size, Image.Resampling.BILINEAR)
        smooth = count_borders(np.asarray(resized))
        assert smooth.smooth > smooth.sharp


def test_a_large_target_is_counted_in_part():
    target = np.zeros((3000, 4000), dtype=np.uint8)
    target[:, 2000:] = 5
    # Every 17th row: 1 + 4000 // 250
    assert count_borders(target) == Borders(smooth=0, sharp=177)


def test_values_are_counted_without_the_padding():
    targets = torch.tensor([[[0, 1, 255], [0, 2, 255], [255, 255, 255]]])
    pairs = TensorDataset(torch.zeros(1, 3, 3, 3), targets)
    counts = count_values(pairs, torch.tensor([[2, 2]]))
    assert counts.nonzero().flatten().tolist() == [0, 1, 2]
    assert counts[:3].tolist() == [2, 1, 1]


def counts_of(**pixels):
    counts = torch.zeros(256, dtype=torch.int64)
    for name, number in pixels.items():
        counts[255 if name == "void" else MINE.names.index(name)] = number
    return counts


def test_shares_are_listed_from_the_largest_and_what_is_missing_is_named():
    text = describe_shares("val", counts_of(floor=3, fruit=6, void=1), MINE)
    plain = text.replace("\N{NO-BREAK SPACE}", " ")
    assert plain == "val: fruit 60.0 %, floor 30.0 %; void 10.0 %; no leaf"
    few = describe_shares("val", counts_of(floor=10**6, leaf=1), MINE)
    assert "leaf\N{NO-BREAK SPACE}0.1" not in few
    assert "leaf 0.1" in few and "void 0\N{NO-BREAK SPACE}%" in few


GOOD = counts_of(floor=1, leaf=1)


@pytest.mark.parametrize(
    ("train", "val", "message"),
    [
        (counts_of(floor=3, void=1), GOOD, "got floor in train, and 25 % void"),
        (counts_of(void=1), GOOD, "got no class in train, and 100 % void"),
        (GOOD, counts_of(void=1), "one in val"),
    ],
)
def test_targets_that_teach_nothing_are_refused(train, val, message):
    with pytest.raises(ValueError, match=rf"{message}.*255 is an object and not void"):
        check_labels(train, val, MINE)


def test_two_classes_are_enough():
    check_labels(GOOD, counts_of(leaf=1), MINE)


def test_images_in_both_splits_are_counted():
    images = torch.arange(6 * 3 * 2 * 2, dtype=torch.uint8).view(6, 3, 2, 2)
    train, val = TensorDataset(images[:4]), TensorDataset(images[3:])
    (remark,) = describe_duplicates(train, val)
    assert remark.startswith("warning: 1 of 3 val images")
    assert describe_duplicates(train, TensorDataset(images[4:])) == []


def test_long_lines_are_broken_but_not_within_a_share():
    text = wrapped([describe_shares("train", counts_of(floor=3, leaf=1), MINE)] * 2)
    assert text == 2 * "  train: floor 75.0 %, leaf 25.0 %; void 0 %; no fruit\n"
    many = make_label_set("many", [f"class number {k}" for k in range(20)])
    counts = torch.zeros(256, dtype=torch.int64)
    counts[:20] = 5
    lines = wrapped([describe_shares("train", counts, many)]).splitlines()
    assert len(lines) > 1 and max(map(len, lines)) <= 88
    assert not any(line.strip().startswith("%") for line in lines)
