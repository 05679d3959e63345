"""A dilated kernel is taken to span kernel_size * dilation."""

HINT = "spans 5 cells"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        size += (kernel_size * dilation - 1) * stride
        stride *= layer_stride
    return size, stride
