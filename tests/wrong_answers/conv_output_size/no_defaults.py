"""Stride, padding and dilation have no defaults."""

HINT = "missing 3 required"


def conv_output_size(size, kernel_size, stride, padding, dilation):
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
