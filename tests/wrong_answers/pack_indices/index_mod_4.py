"""Four neighbors in memory are taken for a window."""

import torch

HINT = "index mod 4"


def pack_indices(indices, input_size):
    return (indices % 4).to(torch.uint8)


def unpack_indices(offsets, input_size):
    offsets = offsets.long()
    rows = torch.arange(offsets.shape[-2])[:, None]
    columns = torch.arange(offsets.shape[-1])
    row, column = 2 * rows + offsets // 2, 2 * columns + offsets % 2
    return row * input_size[1] + column


ANSWERS = (pack_indices, unpack_indices)
