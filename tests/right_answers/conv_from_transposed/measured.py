"""The layer is asked what it does with one lit cell of each channel."""

import torch
from torch import nn


def conv_from_transposed(deconv):
    lit = torch.zeros(deconv.in_channels, deconv.in_channels, 3, 3)
    for channel in range(deconv.in_channels):
        lit[channel, channel, 1, 1] = 1
    with torch.no_grad():
        zero = torch.zeros_like(lit[:1]).to(deconv.weight)
        response = deconv(lit.to(deconv.weight)) - deconv(zero)
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding=1, bias=False)
    conv.weight = nn.Parameter(response.transpose(0, 1).flip(2).flip(3))
    if deconv.bias is not None:
        conv.bias = nn.Parameter(deconv.bias.detach().clone())
    return conv
