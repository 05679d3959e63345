import pytest
import torch

from course_utils.models.skips import join_cropped_skip, join_skip


def numbered(*size):
    """A map of one channel whose cells are 1, 2, 3, …"""
    return torch.arange(1.0, 1 + size[0] * size[1]).view(1, 1, *size)


def test_a_smaller_map_gets_zeros_at_the_bottom_and_right():
    joined = join_skip(numbered(2, 2), 9 * torch.ones(1, 1, 3, 4))
    expected = torch.tensor([[1.0, 2, 0, 0], [3, 4, 0, 0], [0, 0, 0, 0]])
    torch.testing.assert_close(joined[0, 0], expected)
    torch.testing.assert_close(joined[0, 1], torch.full((3, 4), 9.0))


def test_a_larger_map_loses_its_last_rows_and_columns():
    joined = join_skip(numbered(3, 4), torch.zeros(1, 2, 2, 3))
    torch.testing.assert_close(joined[0, 0], torch.tensor([[1.0, 2, 3], [5, 6, 7]]))
    assert joined.shape == (1, 3, 2, 3)


def test_one_side_may_grow_while_the_other_shrinks():
    joined = join_skip(numbered(2, 3), torch.zeros(1, 1, 3, 2))
    torch.testing.assert_close(joined[0, 0], torch.tensor([[1.0, 2], [4, 5], [0, 0]]))


def test_the_middle_of_the_skip_is_kept():
    # 5 rows to 2: (5 - 2) // 2 = 1 is cut off above; 4 columns to 2: 1 on either side
    joined = join_cropped_skip(torch.zeros(1, 1, 2, 2), numbered(5, 4))
    torch.testing.assert_close(joined[0, 1], torch.tensor([[6.0, 7], [10, 11]]))
    assert joined[0, 0].abs().max() == 0


def test_a_skip_that_is_too_small_to_crop_is_refused():
    message = r"at least as large as x, got \(2, 3\) and \(3, 3\); use join_skip"
    with pytest.raises(ValueError, match=message):
        join_cropped_skip(torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 2, 3))


@pytest.mark.parametrize("join", [join_skip, join_cropped_skip])
def test_different_numbers_of_images_are_refused(join):
    message = r"equally many images, got \(2, 1, 3, 3\) and \(1, 1, 3, 3\)"
    with pytest.raises(ValueError, match=message):
        join(torch.zeros(2, 1, 3, 3), torch.zeros(1, 1, 3, 3))


@pytest.mark.parametrize("join", [join_skip, join_cropped_skip])
def test_both_maps_get_a_gradient(join):
    x = torch.zeros(1, 2, 3, 3, requires_grad=True)
    skip = torch.zeros(1, 2, 4, 5, requires_grad=True)
    join(x, skip).sum().backward()
    assert x.grad.sum() == 18
    assert skip.grad.sum() > 0
