import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course_utils.analysis.summary import model_summary
from course_utils.models.dilatednet import reflect_pad


def test_a_row_is_continued_by_its_mirror_image():
    row = torch.tensor([[[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]])  # two channels
    padded = reflect_pad(row, 1)
    # the one row there is has nothing to mirror, and is repeated
    torch.testing.assert_close(
        padded[0, :, 1], torch.tensor([[2.0, 1, 2, 3, 2], [5.0, 4, 5, 6, 5]])
    )
    assert padded.shape == (1, 2, 3, 5)


@pytest.mark.parametrize("size", [(4, 6), (1, 5), (2, 2), (1, 1), (7, 3)])
@pytest.mark.parametrize("padding", [0, 1, 3, 20])
@pytest.mark.parametrize("dtype", [torch.float32, torch.uint8])
def test_it_equals_numpy_also_where_the_padding_exceeds_the_image(size, padding, dtype):
    image = torch.arange(2 * size[0] * size[1]).view(1, 2, *size).to(dtype)
    sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    expected = torch.from_numpy(np.pad(image.numpy(), sides, mode="reflect"))
    torch.testing.assert_close(reflect_pad(image, padding), expected, rtol=0, atol=0)


def test_it_equals_torch_where_torch_can():
    image = torch.randn(2, 3, 7, 9)
    expected = F.pad(image, (5, 5, 5, 5), mode="reflect")
    torch.testing.assert_close(reflect_pad(image, 5), expected, rtol=0, atol=0)


def test_gradients_are_gathered_from_every_copy_of_a_pixel():
    image = torch.zeros(1, 1, 1, 3, requires_grad=True)
    reflect_pad(image, 2).sum().backward()
    # columns 2 1 0 1 2 1 0, each five times, since the row is repeated
    torch.testing.assert_close(image.grad[0, 0, 0], torch.tensor([10.0, 15.0, 10.0]))


def test_a_negative_padding_is_refused():
    with pytest.raises(ValueError, match="0 or more pixels, got -1"):
        reflect_pad(torch.zeros(1, 1, 3, 3), -1)


def test_a_ledger_moves_the_center_and_not_the_size():
    class Padded(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 1, 3)

        def forward(self, x):
            return self.conv(reflect_pad(x, 5))

    (row,) = model_summary(Padded(), (8, 8)).rows
    # cell 0 of a 3x3 convolution begins 5 pixels before the image: its middle is at -4
    assert (row.field.size, row.field.center) == (3, -4)
    assert row.output_shape == (1, 16, 16)
