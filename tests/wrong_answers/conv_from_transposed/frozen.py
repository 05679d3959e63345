"""The new layer is thought of as a constant."""

from torch import nn

HINT = "requires_grad"


def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.in_channels,
        deconv.out_channels,
        3,
        padding=1,
        bias=deconv.bias is not None,
    )
    conv.weight.data = deconv.weight.data.transpose(0, 1).flip(2, 3)
    if conv.bias is not None:
        conv.bias.data = deconv.bias.data.clone()
    conv.requires_grad_(False)
    return conv
