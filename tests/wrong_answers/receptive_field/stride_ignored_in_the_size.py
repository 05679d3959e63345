"""Every layer adds its kernel in pixels of the image."""

HINT = "one cell further is 2 pixels"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        size += (kernel_size - 1) * dilation
        stride *= layer_stride
    return size, stride
