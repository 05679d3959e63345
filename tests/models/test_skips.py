import pytest
import torch

from course_utils.models.skips import join_skip


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


def test_both_maps_get_a_gradient():
    x = torch.zeros(1, 2, 3, 3, requires_grad=True)
    skip = torch.zeros(1, 2, 4, 5, requires_grad=True)
    join_skip(x, skip).sum().backward()
    assert x.grad.sum() == 18
    assert skip.grad.sum() == 40


def test_different_numbers_of_images_are_refused():
    with pytest.raises(RuntimeError, match="Expected size 2 but got size 1"):
        join_skip(torch.zeros(2, 1, 3, 3), torch.zeros(1, 1, 3, 3))
