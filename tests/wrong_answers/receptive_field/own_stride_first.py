"""A layer's stride is applied to its own kernel."""

HINT = "own stride does not widen"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        stride *= layer_stride
        size += (kernel_size - 1) * dilation * stride
    return size, stride
