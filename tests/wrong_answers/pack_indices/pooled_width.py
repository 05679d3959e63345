"""Rows are as long as those of the pooled map."""

import torch

HINT = "W is that of the map before the pool"


def pack_indices(indices, input_size):
    width = indices.shape[-1]
    row, column = indices // width, indices % width
    return (2 * (row % 2) + column % 2).to(torch.uint8)


def unpack_indices(offsets, input_size):
    offsets = offsets.long()
    rows = torch.arange(offsets.shape[-2])[:, None]
    columns = torch.arange(offsets.shape[-1])
    row, column = 2 * rows + offsets // 2, 2 * columns + offsets % 2
    return row * input_size[1] + column


ANSWERS = (pack_indices, unpack_indices)
