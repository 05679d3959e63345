import pytest
import torch

from course_utils.models.skips import join_skip


def numbered(*size):
    """A map of one channel whose cells are 1, 2, 3, …"""
    return torch.arange(1.0, 1 + size[0] * size[1]).view(1, 1, *size)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((2, 2), [[1, 2, 0, 0], [3, 4, 0, 0], [0, 0, 0, 0]]),
        ((3, 4), [[1, 2, 3], [5, 6, 7]]),
        ((2, 3), [[1, 2], [4, 5], [0, 0]]),  # one side grows while the other shrinks
    ],
)
def test_a_map_is_filled_or_cropped_at_the_bottom_and_right(size, expected):
    expected = torch.tensor(expected).float()
    skip = torch.full((1, 2, *expected.shape), 9.0)
    joined = join_skip(numbered(*size), skip)
    torch.testing.assert_close(joined[0, 0], expected)
    torch.testing.assert_close(joined[:, 1:], skip)


def test_both_maps_get_a_gradient():
    x = torch.zeros(1, 2, 3, 3, requires_grad=True)
    skip = torch.zeros(1, 2, 4, 5, requires_grad=True)
    join_skip(x, skip).sum().backward()
    assert x.grad.sum() == 18
    assert skip.grad.sum() == 40


def test_different_numbers_of_images_are_refused():
    with pytest.raises(ValueError, match="same images, got 2 and 1"):
        join_skip(torch.zeros(2, 1, 3, 3), torch.zeros(1, 1, 3, 3))
