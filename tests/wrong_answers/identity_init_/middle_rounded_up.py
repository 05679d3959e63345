"""The middle is looked for at (kernel_size + 1) // 2."""

import torch

HINT = "1 at the middle"


@torch.no_grad()
def identity_init_(conv):
    row, column = ((side + 1) // 2 % side for side in conv.kernel_size)
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
