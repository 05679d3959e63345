"""An offset is taken for the whole place."""

import torch

HINT = "place of the window itself is missing"


def pack_indices(indices, input_size):
    width = input_size[1]
    row, column = indices // width, indices % width
    return (2 * (row % 2) + column % 2).to(torch.uint8)


def unpack_indices(offsets, input_size):
    offsets = offsets.long()
    return offsets // 2 * input_size[1] + offsets % 2


ANSWERS = (pack_indices, unpack_indices)
