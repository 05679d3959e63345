import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course_utils.analysis.interventions import (
    paste_reflection,
    stride_oracle,
)

RED, BLUE = (255, 0, 0), (0, 0, 255)


def random_targets(size=(13, 21), num_classes=4):
    torch.manual_seed(0)
    targets = torch.randint(num_classes, (3, *size))
    targets[torch.rand(targets.shape) < 0.2] = 255
    return targets


def test_at_stride_1_the_oracle_is_the_target():
    targets = random_targets()
    predictions = stride_oracle(targets, 1, 4)
    assert predictions.dtype == torch.uint8
    known = targets != 255
    torch.testing.assert_close(predictions.long()[known], targets[known])


@pytest.mark.parametrize("stride", [2, 8, 32])
@pytest.mark.parametrize("size", [(32, 64), (33, 47), (5, 7)])
def test_one_class_stays_one_class(stride, size):
    targets = torch.full((2, *size), 3, dtype=torch.uint8)
    targets[:, ::3, ::2] = 255
    predictions = stride_oracle(targets, stride, 5)
    assert predictions.shape == (2, *size)
    assert (predictions == 3).all()


def test_void_never_wins():
    targets = random_targets()
    targets[0] = 255
    targets[1, :, 4:] = 255
    for stride in (1, 4, 8):
        assert stride_oracle(targets, stride, 4).max() < 4


def test_void_enters_no_proportion():
    # Cells of 4: the left one is three pixels of class 1 and void, so all 1; the right
    # one all 0. Between their centers, columns 1.5 and 5.5, the middle is column 3.5
    targets = torch.zeros(1, 4, 8, dtype=torch.int64)
    targets[:, :, :4] = 255
    targets[0, 0, :3] = 1
    expected = torch.tensor([1] * 4 + [0] * 4, dtype=torch.uint8).expand(1, 4, 8)
    torch.testing.assert_close(stride_oracle(targets, 4, 2), expected)


def test_a_cell_of_void_alone_does_not_spoil_its_neighbors():
    targets = torch.ones(1, 4, 12, dtype=torch.int64)
    targets[:, :, 4:8] = 255
    assert (stride_oracle(targets, 4, 2)[:, :, [0, 1, 2, 3, 8, 9, 10, 11]] == 1).all()


def test_another_void_value_can_be_chosen():
    targets = torch.tensor([[[1, 9], [9, 9]]])
    assert (stride_oracle(targets, 2, 2, ignore_index=9) == 1).all()


def test_the_oracle_is_the_enlarged_proportions_of_the_classes():
    targets = random_targets((16, 24)).where(random_targets((16, 24)) != 255, 0)
    one_hot = F.one_hot(targets, 4).permute(0, 3, 1, 2).double()
    cells = one_hot.unflatten(3, (6, 4)).unflatten(2, (4, 4)).mean(dim=(3, 5))
    expected = F.interpolate(cells, size=(16, 24), mode="bilinear").argmax(dim=1)
    agree = (stride_oracle(targets, 4, 4) == expected).double().mean()
    assert agree > 0.99  # two classes of one proportion may go either way


@pytest.mark.parametrize("value", [-1, 4, 5])
def test_values_outside_the_label_set_are_refused(value):
    targets = random_targets()
    targets[1, 2, 3] = value
    with pytest.raises(ValueError, match=rf"from 0 to 3 or 255 .*got .*{value}"):
        stride_oracle(targets, 4, 4)


@pytest.fixture
def scene():
    """A gray image with a large host, and an object: red on the left, blue right."""
    rng = np.random.default_rng(0)
    image = rng.integers(90, 110, size=(60, 80, 3), dtype=np.uint8)
    host = np.zeros((60, 80), dtype=bool)
    host[10:50, 20:70] = True
    object_image = np.zeros((30, 24, 3), dtype=np.uint8)
    object_image[:, :12], object_image[:, 12:] = RED, BLUE
    object_mask = np.zeros((30, 24), dtype=bool)
    object_mask[5:25, 4:20] = True
    return image, host, object_image, object_mask


def test_outside_the_paste_nothing_changes(scene):
    copies = [part.copy() for part in scene]
    changed, pasted = paste_reflection(*scene, opacity=0.6)
    image, host, *_ = scene
    assert (changed.dtype, pasted.dtype) == (np.uint8, np.bool_)
    np.testing.assert_array_equal(changed[~pasted], image[~pasted])
    assert (changed[pasted] != image[pasted]).any(axis=1).all()
    assert pasted.any()
    assert not (pasted & ~host).any()
    for part, copy in zip(scene, copies, strict=True):
        np.testing.assert_array_equal(part, copy)


def test_an_opaque_reflection_shows_the_object_mirrored(scene):
    changed, pasted = paste_reflection(*scene, opacity=1, proportion=1)
    rows, columns = pasted.nonzero()
    width = columns.max() + 1 - columns.min()
    left = changed[rows.min() : rows.max() + 1, columns.min() : columns.min() + 4]
    right = changed[rows.min() : rows.max() + 1, columns.max() - 3 : columns.max() + 1]
    np.testing.assert_array_equal(left, np.broadcast_to(BLUE, left.shape))
    np.testing.assert_array_equal(right, np.broadcast_to(RED, right.shape))
    # The object is 20 high and 16 wide; its diagonal fills the circle of diameter 40
    assert width == pytest.approx(16 * 40 / np.hypot(20, 16), abs=1.5)
    assert np.ptp(rows) + 1 == pytest.approx(20 * 40 / np.hypot(20, 16), abs=1.5)


def test_the_mask_of_the_object_is_mirrored_too(scene):
    object_mask = scene[3]
    object_mask[5:15, 4:12] = False  # an L: the upper left quarter is missing
    _, pasted = paste_reflection(*scene, opacity=1, proportion=1)
    rows, columns = pasted.nonzero()
    assert pasted[rows.min(), columns.min()]
    assert not pasted[rows.min(), columns.max()]
    assert pasted[rows.max(), columns.min()]
    assert pasted[rows.max(), columns.max()]


def test_without_opacity_nothing_changes_and_half_of_it_is_the_mean_of_both(scene):
    none, full, half = (paste_reflection(*scene, opacity=k)[0] for k in (0, 1, 0.5))
    _, pasted = paste_reflection(*scene, opacity=0)
    assert pasted.any()
    np.testing.assert_array_equal(none, scene[0])
    expected = np.round((full[pasted].astype(float) + scene[0][pasted]) / 2)
    np.testing.assert_array_equal(half[pasted], expected)


def test_a_proportion_scales_the_paste(scene):
    areas = [
        paste_reflection(*scene, opacity=1, proportion=p)[1].sum()
        for p in (0.25, 0.5, 1)
    ]
    assert areas[1] / areas[0] == pytest.approx(4, rel=0.3)
    assert areas[2] / areas[1] == pytest.approx(4, rel=0.2)


def test_the_paste_lies_in_the_widest_part_of_the_host(scene):
    image, host, *rest = scene
    host[:] = False
    host[2:8, 2:78] = True
    host[2:50, 40:78] = True
    _, pasted = paste_reflection(image, host, *rest, opacity=1, proportion=0.3)
    rows, columns = pasted.nonzero()
    assert columns.min() > 40
    assert rows.mean() == pytest.approx(25, abs=8)


def test_a_host_that_fills_the_image_is_pasted_into_its_middle(scene):
    image, host, *rest = scene
    host[:] = True
    _, pasted = paste_reflection(image, host, *rest, opacity=1, proportion=1)
    rows, _ = pasted.nonzero()
    assert (rows.min() + rows.max()) / 2 == pytest.approx(29.5, abs=2)


def test_a_host_of_one_pixel_takes_one_pixel(scene):
    image, host, *rest = scene
    host[:] = False
    host[59, 0] = True
    _, pasted = paste_reflection(image, host, *rest, opacity=1)
    assert pasted.sum() == pasted[59, 0] == 1


@pytest.mark.parametrize(
    "options", [{"opacity": 1.5}, {"opacity": -0.1}, {"opacity": 1, "proportion": 0}]
)
def test_opacity_and_proportion_have_their_range(scene, options):
    with pytest.raises(ValueError, match=r"opacity must be from 0 to 1 and proportion"):
        paste_reflection(*scene, **options)


@pytest.mark.parametrize("empty", [1, 3])
def test_an_empty_mask_is_refused(scene, empty):
    scene[empty][:] = False
    with pytest.raises(ValueError, match=r"must mark some pixels .* with 0 pixels"):
        paste_reflection(*scene, opacity=1)


def test_a_mask_of_another_size_is_refused(scene):
    image, host, *rest = scene
    with pytest.raises(ValueError, match=r"mask of \(60, 79\) .* for \(60, 80\)"):
        paste_reflection(image, host[:, 1:], *rest, opacity=1)
