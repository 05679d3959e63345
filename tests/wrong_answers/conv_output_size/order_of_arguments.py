"""Padding stands before stride."""

HINT = "Count the steps"


def conv_output_size(size, kernel_size, padding=0, stride=1, dilation=1):
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
