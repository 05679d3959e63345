"""Only the first channel is passed on."""

import torch

HINT = "Output channel k draws"


@torch.no_grad()
def identity_init_(conv):
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.zero_()
    conv.weight[0, 0, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
