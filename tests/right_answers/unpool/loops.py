"""Four loops over everything."""

import torch


def unpool(pooled, indices, output_size):
    height, width = output_size
    n, c, h, w = pooled.shape
    result = torch.zeros(n, c, height, width, dtype=pooled.dtype)
    for image in range(n):
        for channel in range(c):
            for i in range(h):
                for j in range(w):
                    row, column = divmod(int(indices[image, channel, i, j]), width)
                    result[image, channel, row, column] = pooled[image, channel, i, j]
    return result
