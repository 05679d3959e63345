"""The layer's own word for it is returned, not a number."""

HINT = "an int"


def same_padding(kernel_size, dilation):
    return "same"
