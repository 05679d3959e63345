"""The bias is left behind."""

from torch import nn

HINT = "The bias is missing"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding=1, bias=False)
    conv.weight.data = deconv.weight.data.transpose(0, 1).flip(2, 3)
    return conv
