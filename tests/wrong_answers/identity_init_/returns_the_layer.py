"""The layer is returned, as if it were a new one."""

import torch

HINT = "It works in place"


@torch.no_grad()
def identity_init_(conv):
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
    return conv
