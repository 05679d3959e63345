"""The middle of a 3x3 kernel is written down."""

import torch

HINT = "The middle of a kernel of 5"


@torch.no_grad()
def identity_init_(conv):
    row = column = min(1, conv.kernel_size[0] - 1)
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
