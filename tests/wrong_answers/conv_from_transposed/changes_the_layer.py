"""The weights of the given layer are turned in place."""

from torch import nn

HINT = "Work on new weights"


def conv_from_transposed(deconv):
    deconv.weight.data = deconv.weight.data.flip(2, 3)
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding=1, bias=False)
    conv.weight.data = deconv.weight.data.transpose(0, 1)
    conv.bias = deconv.bias
    return conv
