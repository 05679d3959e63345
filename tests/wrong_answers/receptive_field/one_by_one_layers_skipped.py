"""1x1 layers are skipped, their stride too."""

HINT = "its stride stays"


def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        if kernel_size == 1:
            continue
        size += (kernel_size - 1) * dilation * stride
        stride *= layer_stride
    return size, stride
