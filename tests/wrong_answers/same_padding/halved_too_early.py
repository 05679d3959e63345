"""The kernel is halved before the dilation comes in: 4 becomes 3."""

HINT = "spans 13 cells"


def same_padding(kernel_size, dilation):
    return dilation * ((kernel_size - 1) // 2)
