"""Every tap gets dilation - 1 gaps, the last one too, from kernel 2 on."""

HINT = "span"


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    span = kernel_size if dilation == 1 else kernel_size + kernel_size * (dilation - 1)
    return (size + 2 * padding - span) // stride + 1
