"""Half of what the taps span beyond one cell."""


def same_padding(kernel_size, dilation):
    return dilation * (kernel_size - 1) // 2
