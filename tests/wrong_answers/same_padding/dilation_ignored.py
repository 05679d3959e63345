"""The dilation does not take part."""

HINT = "the outer taps are two cells"


def same_padding(kernel_size, dilation):
    return (kernel_size - 1) // 2
