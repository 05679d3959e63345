"""Rounding up pads a kernel of 1."""

HINT = "A kernel of 3 sticks out"


def same_padding(kernel_size, dilation):
    return -(-(dilation * (kernel_size - 1) + 1) // 2)
