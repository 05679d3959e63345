"""The output is taken to be as large as the input over the stride."""

HINT = "At how many places"


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return -(-size // stride)
