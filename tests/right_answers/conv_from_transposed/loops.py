"""Tap by tap, and a bias of zeros where there was none."""

import torch
from torch import nn


def conv_from_transposed(deconv):
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding="same")
    conv = conv.to(deconv.weight.dtype)
    with torch.no_grad():
        for i in range(deconv.in_channels):
            for o in range(deconv.out_channels):
                for row in range(3):
                    for column in range(3):
                        tap = deconv.weight[i, o, 2 - row, 2 - column]
                        conv.weight[o, i, row, column] = tap
        conv.bias.zero_()
        if deconv.bias is not None:
            conv.bias += deconv.bias
    return conv
