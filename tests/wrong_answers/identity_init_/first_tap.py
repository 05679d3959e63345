"""The first tap is 1, so that the picture moves."""

import torch

HINT = "the output is shifted"


@torch.no_grad()
def identity_init_(conv):
    row = column = 0
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
