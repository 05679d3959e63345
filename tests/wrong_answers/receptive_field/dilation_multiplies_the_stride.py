"""Dilation is taken for a stride."""

HINT = "its stride stays 1"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        size += (kernel_size - 1) * dilation * stride
        stride *= layer_stride * dilation
    return size, stride
