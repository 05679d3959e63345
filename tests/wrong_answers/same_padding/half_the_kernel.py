"""Half the kernel, rounded down, times the dilation: wrong for even kernels."""

HINT = "spans 13 cells"


def same_padding(kernel_size, dilation):
    return dilation * (kernel_size // 2)
