"""Half of an even number is still a float."""

HINT = "an int"


def same_padding(kernel_size, dilation):
    return dilation * (kernel_size - 1) / 2
