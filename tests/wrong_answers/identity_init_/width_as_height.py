"""The middle of the height serves for the width."""

import torch

HINT = "Height and width each"


@torch.no_grad()
def identity_init_(conv):
    row = column = conv.kernel_size[0] // 2
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
