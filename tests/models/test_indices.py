import pytest
import torch
import torch.nn.functional as F

from course_utils.models.unpooling import pack_indices, unpack_indices


def test_packing_by_hand():
    # The largest of each 2×2 window of a 2×6 map: bottom left, top right, bottom right
    x = torch.tensor([[0.0, 1, 2, 9, 0, 1], [5, 4, 3, 1, 2, 8]])[None, None]
    _, indices = F.max_pool2d(x, 2, return_indices=True)
    assert indices.flatten().tolist() == [6, 3, 11]
    packed = pack_indices(indices, (2, 6))
    assert packed.flatten().tolist() == [2, 1, 3]
    assert packed.dtype == torch.uint8


@pytest.mark.parametrize("size", [(2, 2), (8, 6), (7, 7), (9, 4), (23, 30), (360, 480)])
@pytest.mark.parametrize("ceil_mode", [True, False])
def test_unpacking_restores_what_the_pool_returned(size, ceil_mode):
    torch.manual_seed(0)
    _, indices = F.max_pool2d(
        torch.rand(2, 3, *size), 2, ceil_mode=ceil_mode, return_indices=True
    )
    packed = pack_indices(indices, size)
    assert packed.shape == indices.shape
    assert packed.max() <= 3
    torch.testing.assert_close(unpack_indices(packed, size), indices, rtol=0, atol=0)


def test_what_is_not_packed_or_of_another_size_is_refused():
    indices = torch.zeros(1, 1, 4, 4, dtype=torch.int64)
    with pytest.raises(TypeError, match=r"must be int64, got torch\.uint8"):
        pack_indices(indices.byte(), (8, 8))
    with pytest.raises(TypeError, match=r"must be uint8, got torch\.int64"):
        unpack_indices(indices, (8, 8))
    for function, argument in (
        (pack_indices, indices),
        (unpack_indices, indices.byte()),
    ):
        with pytest.raises(ValueError, match=r"got 8×10 for a map of \(4, 4\)"):
            function(argument, (8, 10))
