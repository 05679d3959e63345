"""Weights are copied into a layer made on the same device."""

import torch
from torch import nn


def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.in_channels,
        deconv.out_channels,
        kernel_size=3,
        padding=1,
        bias=deconv.bias is not None,
        dtype=deconv.weight.dtype,
        device=deconv.weight.device,
    )
    with torch.no_grad():
        conv.weight.copy_(deconv.weight.permute(1, 0, 2, 3).flip([-1, -2]))
        if deconv.bias is not None:
            conv.bias.copy_(deconv.bias)
    return conv
