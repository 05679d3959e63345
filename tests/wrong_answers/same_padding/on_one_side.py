"""The whole of what is lost is padded on each side."""

HINT = "sticks out by one cell"


def same_padding(kernel_size, dilation):
    return dilation * (kernel_size - 1)
