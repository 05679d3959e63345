"""Dilation is taken in pixels of the image, not in cells."""

HINT = "cells of the layer's input"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        size += (kernel_size - 1) * (stride + dilation - 1)
        stride *= layer_stride
    return size, stride
