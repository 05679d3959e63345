"""The cell itself is not counted."""

HINT = "With no layer"


def receptive_field(layers):
    size, stride = 0, 1
    for kernel_size, layer_stride, dilation in layers:
        size += (kernel_size - 1) * dilation * stride
        stride *= layer_stride
    return size, stride
