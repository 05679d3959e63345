"""The new layer maps the output channels to the input channels."""

from torch import nn

HINT = "should map 2 channels to 3"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.out_channels,
        deconv.in_channels,
        3,
        padding=1,
        bias=deconv.bias is not None,
    )
    conv.weight.data = deconv.weight.data.transpose(0, 1).flip(2, 3)
    return conv
