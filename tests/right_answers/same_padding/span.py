"""The span of the kernel, without its middle, halved."""


def same_padding(kernel_size, dilation):
    taps = range(0, dilation * kernel_size, dilation)
    return (taps[-1] - taps[0]) // 2
