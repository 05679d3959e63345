"""Kernel sizes are multiplied."""

HINT = "adds 2 pixels"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        size *= dilation * (kernel_size - 1) + 1
        stride *= layer_stride
    return size, stride
