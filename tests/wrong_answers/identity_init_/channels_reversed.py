"""Channel k gets the input of the last but k."""

import torch

HINT = "Output channel k draws"


@torch.no_grad()
def identity_init_(conv):
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, -1 - k, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
