"""Strides add up: 2, 2, 2 makes 6."""

HINT = "Strides multiply"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        size += (kernel_size - 1) * dilation * stride
        if layer_stride > 1:
            stride = layer_stride if stride == 1 else stride + layer_stride
    return size, stride
