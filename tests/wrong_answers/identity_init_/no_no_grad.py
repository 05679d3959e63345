"""A parameter is written to while gradients are recorded."""

HINT = "1 at the middle"


def identity_init_(conv):
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
