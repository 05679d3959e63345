"""A torch layer is asked."""

import torch
from torch import nn


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    layer = nn.Conv2d(1, 1, kernel_size, stride, padding, dilation)
    width = dilation * (kernel_size - 1) + 1
    return layer(torch.zeros(1, 1, size, width)).shape[2]
