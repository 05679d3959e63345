"""The padding of a transposed convolution is thought to undo itself."""

from torch import nn

HINT = "padding=1 keeps the size"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.in_channels, deconv.out_channels, 3, bias=deconv.bias is not None
    )
    conv.weight.data = deconv.weight.data.transpose(0, 1).flip(2, 3)
    if conv.bias is not None:
        conv.bias.data = deconv.bias.data.clone()
    return conv
