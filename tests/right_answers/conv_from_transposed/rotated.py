"""The kernel is turned by 90° twice."""

import torch
from torch import nn


def conv_from_transposed(deconv):
    has_bias = deconv.bias is not None
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding=1)
    turned = torch.rot90(deconv.weight.detach().transpose(0, 1), 2, dims=(2, 3))
    conv.weight = nn.Parameter(turned.clone())
    conv.bias = nn.Parameter(deconv.bias.detach().clone()) if has_bias else None
    return conv
