"""All places are divided by the stride, the first one too."""

HINT = "then add the first place"


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - dilation * (kernel_size - 1)) // stride
