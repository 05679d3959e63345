"""Add a cell on both sides until nothing is lost."""


def same_padding(kernel_size, dilation):
    lost, padding = dilation * (kernel_size - 1), 0
    while lost > 0:
        lost -= 2
        padding += 1
    return padding
