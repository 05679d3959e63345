"""Answers to exercise 6.2: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # The diagonal of the channels is filled through a view.
    "diagonal_view": Variant(
        "loop",
        "for k in … = 1",
        "conv.weight[:, :, row, column].fill_diagonal_(1)",
    ),
    # A unit matrix of channels, padded to the kernel, copied in.
    "eye_and_pad": """
@torch.no_grad()
def identity_init_(conv):
    eye = torch.eye(conv.out_channels)[:, :, None, None]
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.copy_(F.pad(eye, (column, column, row, row)))
    if conv.bias is not None:
        conv.bias.zero_()
""",
    # torch has it as dirac_.
    "library": """
def identity_init_(conv):
    nn.init.dirac_(conv.weight)
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
""",
    # A loop over the channels.
    "loop": """
@torch.no_grad()
def identity_init_(conv):
    row, column = (side // 2 for side in conv.kernel_size)
    conv.weight.zero_()
    for k in range(conv.out_channels):
        conv.weight[k, k, row, column] = 1
    if conv.bias is not None:
        conv.bias.zero_()
""",
    # The data of the parameters are assigned.
    "through_data": """
def identity_init_(conv):
    weight = torch.zeros(conv.weight.shape)
    channels = range(conv.out_channels)
    row, column = (side // 2 for side in conv.kernel_size)
    weight[channels, channels, row, column] = 1
    conv.weight.data = weight
    if conv.bias is not None:
        conv.bias.data = torch.zeros(conv.out_channels)
""",
}

MISTAKES = {
    "diagonal_view": {
        "The middle tap is 1 between all pairs of channels.": Mistake(
            ".fill_diagonal_(1)", " = 1", hint="let it draw on its own"
        ),
    },
    "eye_and_pad": {
        "A new parameter replaces the old one.": Mistake(
            "eye = torch.eye(conv.out_channels)[:, :, None, None]",
            "weight = torch.zeros_like(conv.weight)",
            "conv.weight.copy_(F.pad(eye, (column, column, row, row)))",
            """for k in range(conv.out_channels):
        weight[k, k, row, column] = 1
    conv.weight = torch.nn.Parameter(weight)""",
            hint="an optimizer may hold them",
        ),
    },
    "loop": {
        "The bias keeps its random start.": Mistake(
            """
    if conv.bias is not None:
        conv.bias.zero_()""",
            "",
            hint="The bias must become 0",
        ),
        "The channels are reversed.": Mistake(
            "k, k, row", "k, -1 - k, row", hint="Output channel k draws"
        ),
        "The 1s run down the diagonal of the kernel.": Mistake(
            ", row, column] = 1", "].fill_diagonal_(1)", hint="1 at the middle"
        ),
        "Only the first channel is passed through.": Mistake(
            "range(conv.out_channels)", "range(1)", hint="Output channel k draws"
        ),
        "The first tap is 1, which shifts the image.": Mistake(
            ", column = … kernel_size)", " = column = 0", hint="the output is shifted"
        ),
        "The weights are frozen.": Mistake(
            "conv.bias.zero_()",
            "conv.bias.zero_()\n    conv.requires_grad_(False)",
            hint="Change the values alone",
        ),
        "The middle of a 3x3 kernel is hard-coded.": Mistake(
            "row, column = (side // 2 for side in conv.kernel_size)",
            "row = column = min(1, conv.kernel_size[0] - 1)",
            hint="The middle of a kernel of 5",
        ),
        "The weight is spread over all taps.": Mistake(
            "[k, k, row, column] = 1",
            "[k, k] = 1 / conv.weight[k, k].numel()",
            hint="the output is blurred",
        ),
        "The middle is taken to be (kernel_size + 1) // 2.": Mistake(
            "side // 2", "(side + 1) // 2 % side", hint="1 at the middle"
        ),
        "A convolution without bias is not considered.": Mistake(
            "if conv … conv", "conv", hint="There may be no bias"
        ),
        "A parameter is changed while gradients are recorded.": Mistake(
            "@torch.no_grad()\n", "", hint="1 at the middle"
        ),
        "Only the middle is set; the random numbers around it stay.": Mistake(
            "conv.weight.zero_()\n    ", "", hint="1 at the middle"
        ),
        "The layer is returned, as if it were a new one.": Mistake(
            "bias.zero_()", "bias.zero_()\n    return conv", hint="It works in place"
        ),
        "The old numbers are multiplied by 0, which leaves nan as it is.": Mistake(
            "conv.weight.zero_()",
            "conv.weight.mul_(0)",
            "conv.weight[k, k, row, column] = 1",
            "conv.weight[k, k, row, column] += 1",
            hint="Write every number",
        ),
        "The middle of the height is used for the width.": Mistake(
            "row, column = (side // 2 for side in conv.kernel_size)",
            "row = column = conv.kernel_size[0] // 2",
            hint="Height and width each",
        ),
        "All weights are 0.": Mistake(
            "column] = 1", "column] = 0", hint="With zeros alone"
        ),
    },
}
