"""Rows and columns of all values at once."""

import torch


def unpool(pooled, indices, output_size):
    height, width = output_size
    n, c = pooled.shape[:2]
    result = pooled.new_zeros(n, c, height, width)
    image = torch.arange(n)[:, None, None, None]
    channel = torch.arange(c)[:, None, None]
    result[image, channel, indices // width, indices % width] = pooled
    return result
