"""Whole kernels are added, not what each adds."""

HINT = "sees 3 pixels"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        size += kernel_size * dilation * stride
        stride *= layer_stride
    return size, stride
