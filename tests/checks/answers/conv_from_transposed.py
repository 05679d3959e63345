"""Answers to exercise 3.1: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # The weights of a fresh layer are replaced.
    "weights_replaced": """
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
    return conv
""",
    # Weights are copied into a layer made on the same device.
    "copies_in_place": """
def conv_from_transposed(deconv):
    conv = nn.Conv2d(
        deconv.in_channels,
        deconv.out_channels,
        kernel_size=3,
        padding=1,
        bias=deconv.bias is not None,
        dtype=deconv.weight.dtype,
        device=deconv.weight.device,
    )
    with torch.no_grad():
        conv.weight.copy_(deconv.weight.permute(1, 0, 2, 3).flip([-1, -2]))
        if deconv.bias is not None:
            conv.bias.copy_(deconv.bias)
    return conv
""",
    # Tap by tap, and a bias of zeros where there was none.
    "loops": """
def conv_from_transposed(deconv):
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding="same")
    conv = conv.to(deconv.weight.dtype)
    with torch.no_grad():
        for i in range(deconv.in_channels):
            for o in range(deconv.out_channels):
                for row in range(3):
                    for column in range(3):
                        tap = deconv.weight[i, o, 2 - row, 2 - column]
                        conv.weight[o, i, row, column] = tap
        conv.bias.zero_()
        if deconv.bias is not None:
            conv.bias += deconv.bias
    return conv
""",
    # The layer is asked what it does with one lit cell of each channel.
    "measured": """
def conv_from_transposed(deconv):
    lit = torch.zeros(deconv.in_channels, deconv.in_channels, 3, 3)
    for channel in range(deconv.in_channels):
        lit[channel, channel, 1, 1] = 1
    with torch.no_grad():
        zero = torch.zeros_like(lit[:1]).to(deconv.weight)
        response = deconv(lit.to(deconv.weight)) - deconv(zero)
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding=1, bias=False)
    conv.weight = nn.Parameter(response.transpose(0, 1).flip(2).flip(3))
    if deconv.bias is not None:
        conv.bias = nn.Parameter(deconv.bias.detach().clone())
    return conv
""",
    # The kernel is turned by 90° twice.
    "rotated": """
def conv_from_transposed(deconv):
    has_bias = deconv.bias is not None
    conv = nn.Conv2d(deconv.in_channels, deconv.out_channels, 3, padding=1)
    turned = torch.rot90(deconv.weight.detach().transpose(0, 1), 2, dims=(2, 3))
    conv.weight = nn.Parameter(turned.clone())
    conv.bias = nn.Parameter(deconv.bias.detach().clone()) if has_bias else None
    return conv
""",
}

MISTAKES = {
    "weights_replaced": {
        "A function is returned instead of a layer.": Mistake(
            "return conv\n", "return lambda x: conv(x)\n", hint="Make nn.Conv2d"
        ),
        "A bias is added where there was none.": Mistake(
            "bias=deconv.bias is not None",
            "bias=True",
            "if conv.bias is not None:",
            "if deconv.bias is not None:",
            hint="so this has none: bias=False",
        ),
        "The given layer's weights are flipped in place.": Mistake(
            "conv = nn",
            "deconv.weight.data = deconv.weight.data.flip(2, 3)\n    conv = nn",
            ".flip(2, 3)\n    if",
            "\n    if",
            hint="Work on new weights",
        ),
        "Input and output channels are not swapped.": Mistake(
            "transpose(0, 1).flip", "flip", hint="change places in the weights"
        ),
        "The new layer's input and output channels are swapped.": Mistake(
            "deconv.in_channels,\n        deconv.out_channels",
            "deconv.out_channels,\n        deconv.in_channels",
            hint="should map 2 channels to 3",
        ),
        "Only the columns of the kernel are flipped.": Mistake(
            "(2, 3)", "(3)", hint="rows are flipped too"
        ),
        "Channels are flipped instead of swapped.": Mistake(
            "conv.weight.data = deconv.weight.data.transpose(0, 1).flip(2, 3)",
            "conv.weight.data = deconv.weight.data.flip(0, 1, 2, 3)",
            hint="weight is (in, out, 3, 3) there",
        ),
        "The new layer has the default dtype.": Mistake(
            "flip(2, 3)",
            "flip(2, 3).float()",
            "data.clone()",
            "data.float()",
            hint="keep the dtype",
        ),
        "The new layer is frozen.": Mistake(
            "return", "conv.requires_grad_(False)\n    return", hint="requires_grad"
        ),
        "The bias is left behind.": Mistake(
            "bias=deconv.bias is not None", "bias=False", hint="The bias is missing"
        ),
        "The padding is left out.": Mistake(
            "\n        padding=1,", "", hint="padding=1 keeps the size"
        ),
        "The kernel is not flipped.": Mistake(".flip(2, 3)", "", hint="turned by 180°"),
        "The padding is 2, that of an unpadded transposed convolution.": Mistake(
            "padding=1,", "padding=2,", hint="padding=1 keeps the size"
        ),
        "The new layer keeps its random bias.": Mistake(
            "if conv … return", "return", hint="one number for each output channel"
        ),
        "Only the rows of the kernel are flipped.": Mistake(
            "(2, 3)", "(2)", hint="columns are flipped too"
        ),
        "Rows and columns of the kernel are swapped.": Mistake(
            "(0, 1).flip(2, 3)", "(2, 3)", hint="makes the flipped kernel"
        ),
        "The given layer itself is returned.": Mistake(
            "return conv\n", "return deconv\n", hint="Make nn.Conv2d"
        ),
    },
}
