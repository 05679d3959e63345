"""Only the rows of the kernel are flipped."""

from torch import nn

HINT = "columns are flipped too"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.in_channels,
        deconv.out_channels,
        3,
        padding=1,
        bias=deconv.bias is not None,
    )
    conv.weight.data = deconv.weight.data.transpose(0, 1).flip(2)
    if conv.bias is not None:
        conv.bias.data = deconv.bias.data.clone()
    return conv
