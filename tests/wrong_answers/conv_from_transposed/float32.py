"""The new layer has the default type, whatever the old one has."""

import torch
from torch import nn

HINT = "keep the dtype"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.in_channels,
        deconv.out_channels,
        3,
        padding=1,
        bias=deconv.bias is not None,
    )
    with torch.no_grad():
        conv.weight.copy_(deconv.weight.transpose(0, 1).flip(2, 3))
        if deconv.bias is not None:
            conv.bias.copy_(deconv.bias)
    return conv
