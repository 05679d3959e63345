"""A dilated kernel is taken to span k times d cells."""

HINT = "outer taps are twelve cells"


def same_padding(kernel_size, dilation):
    return (kernel_size * dilation - 1) // 2
