"""The middle tap is 1 between all pairs of channels."""

import torch

HINT = "let it draw on its own"


@torch.no_grad()
def identity_init_(conv):
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.zero_()
    conv.weight[:, :, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
