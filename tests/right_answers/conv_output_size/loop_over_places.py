"""The kernel is moved along as long as it fits."""


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    first, places = -padding, 0
    while first + dilation * (kernel_size - 1) < size + padding:
        places += 1
        first += stride
    return places
