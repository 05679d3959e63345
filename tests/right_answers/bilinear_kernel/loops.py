"""Two loops, as in the Caffe filler."""

import torch


def bilinear_kernel(factor):
    size = 2 * factor
    kernel = torch.zeros(size, size)
    center = (size - 1) / 2
    for i in range(size):
        for j in range(size):
            wide, high = 1 - abs(i - center) / factor, 1 - abs(j - center) / factor
            kernel[i, j] = wide * high
    return kernel
