"""A new parameter takes the place of the old one."""

import torch

HINT = "an optimizer may hold them"


@torch.no_grad()
def identity_init_(conv):
    weight = torch.zeros_like(conv.weight)
    row, column = (side // 2 for side in conv.kernel_size)
    for k in range(conv.out_channels):
        weight[k, k, row, column] = 1
    conv.weight = torch.nn.Parameter(weight)
    if conv.bias is not None:
        conv.bias.zero_()
