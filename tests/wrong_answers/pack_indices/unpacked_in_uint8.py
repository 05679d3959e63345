"""Sums of bytes wrap around at 256."""

import torch

HINT = "uint8 ends at 255"


def pack_indices(indices, input_size):
    width = input_size[1]
    row, column = indices // width, indices % width
    return (2 * (row % 2) + column % 2).to(torch.uint8)


def unpack_indices(offsets, input_size):
    rows = torch.arange(offsets.shape[-2])[:, None]
    columns = torch.arange(offsets.shape[-1])
    start = 2 * rows * input_size[1] + 2 * columns
    return start + offsets // 2 * input_size[1] + offsets % 2


ANSWERS = (pack_indices, unpack_indices)
