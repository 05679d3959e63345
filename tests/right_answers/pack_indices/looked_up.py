"""What an index means is looked up in tables."""

import torch


def pack_indices(indices, input_size):
    table = torch.zeros(input_size, dtype=torch.uint8)
    table[::2, 1::2], table[1::2, ::2], table[1::2, 1::2] = 1, 2, 3
    return table.flatten()[indices]


def unpack_indices(offsets, input_size):
    height, width = input_size
    windows = torch.arange(height * width).view(height // 2, 2, width // 2, 2)
    windows = windows.permute(0, 2, 1, 3).flatten(2)  # (H/2, W/2, 4)
    chosen = torch.zeros(offsets.shape, dtype=torch.int64)
    for k in range(4):
        chosen = torch.where(offsets == k, windows[..., k], chosen)
    return chosen


ANSWERS = (pack_indices, unpack_indices)
