"""The reader's list of layers is popped empty."""

HINT = "in place"


def receptive_field(layers):
    size, stride = 1, 1
    while layers:
        kernel_size, layer_stride, dilation = layers.pop(0)
        size += (kernel_size - 1) * dilation * stride
        stride *= layer_stride
    return size, stride
