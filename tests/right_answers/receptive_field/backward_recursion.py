"""From one output cell back to the image."""

from math import prod


def receptive_field(layers):
    size = 1
    for kernel_size, stride, dilation in reversed(layers):
        size = (size - 1) * stride + dilation * (kernel_size - 1) + 1
    return size, prod(stride for _, stride, _ in layers)
