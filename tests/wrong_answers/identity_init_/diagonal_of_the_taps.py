"""The 1s run down the diagonal of the kernel."""

import torch

HINT = "1 at the middle"


@torch.no_grad()
def identity_init_(conv):
    conv.weight.zero_()
    for k in range(conv.out_channels):
        for tap in range(min(conv.kernel_size)):
            conv.weight[k, k, tap, tap] = 1
    if conv.bias is not None:
        conv.bias.zero_()
