"""The bias of a fresh layer stays in it."""

from torch import nn

HINT = "one number for each output channel"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.in_channels,
        deconv.out_channels,
        3,
        padding=1,
        bias=deconv.bias is not None,
    )
    conv.weight.data = deconv.weight.data.transpose(0, 1).flip(2, 3)
    return conv
