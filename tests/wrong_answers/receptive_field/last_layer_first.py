"""The layers are walked from the last to the first."""

HINT = "one cell further is 2 pixels"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in reversed(layers):
        size += (kernel_size - 1) * dilation * stride
        stride *= layer_stride
    return size, stride
