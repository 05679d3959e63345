"""All taps of the own channel share the weight."""

import torch

HINT = "the output is blurred"


@torch.no_grad()
def identity_init_(conv):
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k] = 1 / conv.weight[k, k].numel()
    if conv.bias is not None:
        conv.bias.zero_()
