"""A convolution without bias is not thought of."""

import torch

HINT = "There may be no bias"


@torch.no_grad()
def identity_init_(conv):
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] = 1
    conv.bias.zero_()
