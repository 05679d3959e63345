"""Dilation is left out."""

HINT = "spans 5 cells"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, _ in layers:
        size += (kernel_size - 1) * stride
        stride *= layer_stride
    return size, stride
