"""Input and output channels keep their places."""

from torch import nn

HINT = "change places in the weights"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.in_channels,
        deconv.out_channels,
        3,
        padding=1,
        bias=deconv.bias is not None,
    )
    conv.weight.data = deconv.weight.data.flip(2, 3)
    if conv.bias is not None:
        conv.bias.data = deconv.bias.data.clone()
    return conv
