"""The data of the parameters are assigned."""

import torch


def identity_init_(conv):
    weight = torch.zeros(conv.weight.shape)
    channels = range(conv.out_channels)
    row, column = (side // 2 for side in conv.kernel_size)
    weight[channels, channels, row, column] = 1
    conv.weight.data = weight
    if conv.bias is not None:
        conv.bias.data = torch.zeros(conv.out_channels)
