"""A bias is added where there was none."""

from torch import nn

HINT = "none is here: bias=False"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding=1, bias=True)
    conv.weight.data = deconv.weight.data.transpose(0, 1).flip(2, 3)
    return conv
