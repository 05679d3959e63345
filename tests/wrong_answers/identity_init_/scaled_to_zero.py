"""The old numbers are multiplied by 0, which nan survives."""

import torch

HINT = "Write every number"


@torch.no_grad()
def identity_init_(conv):
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.mul_(0)
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] += 1
    if conv.bias is not None:
        conv.bias.zero_()
