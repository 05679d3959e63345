"""Answers to exercise 5.1: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # Half of what the taps span beyond one cell.
    "formula": """
def same_padding(kernel_size, dilation):
    return dilation * (kernel_size - 1) // 2
""",
    # Add a cell on both sides until nothing is lost.
    "loop": """
def same_padding(kernel_size, dilation):
    lost, padding = dilation * (kernel_size - 1), 0
    while lost > 0:
        lost -= 2
        padding += 1
    return padding
""",
    # The span of the kernel, without its middle, halved.
    "span": """
def same_padding(kernel_size, dilation):
    taps = range(0, dilation * kernel_size, dilation)
    return (taps[-1] - taps[0]) // 2
""",
    # Ask torch how much a line shrinks without padding.
    "torch_layer": """
def same_padding(kernel_size, dilation):
    size = 2 * dilation * kernel_size
    line, kernel = torch.ones(1, 1, size), torch.ones(1, 1, kernel_size)
    return (size - F.conv1d(line, kernel, dilation=dilation).shape[-1]) // 2
""",
}

MISTAKES = {
    "formula": {
        "The padding is always 1.": Mistake(
            "dilation * (kernel_size - 1) // 2", "1", hint="A kernel of 5 sticks out"
        ),
        "A dilated kernel is taken to span k times d cells.": Mistake(
            "return dilation * (kernel_size - 1) // 2",
            "return (kernel_size * dilation - 1) // 2",
            hint="outer taps are twelve cells",
        ),
        "The dilation is the padding, which is right for kernel 3 only.": Mistake(
            " * (kernel_size - 1) // 2", "", hint="A kernel of 5 sticks out"
        ),
        "The dilation is ignored.": Mistake(
            "dilation * ", "", hint="the outer taps are two cells"
        ),
        "kernel_size // 2 times the dilation is wrong for even kernels.": Mistake(
            "(kernel_size - 1) // 2", "(kernel_size // 2)", hint="spans 13 cells"
        ),
        "kernel_size - 1 is halved before it is dilated.": Mistake(
            "(kernel_size - 1) // 2", "((kernel_size - 1) // 2)", hint="spans 13 cells"
        ),
        "The whole loss is padded on each side.": Mistake(
            "(kernel_size - 1) // 2", "(kernel_size - 1)", hint="sticks out by one cell"
        ),
        "The printed cases are looked up in a table.": Mistake(
            "return dilation * (kernel_size - 1) // 2",
            """table = {(3, 1): 1, (5, 1): 2, (1, 1): 0, (3, 2): 2, (3, 12): 12}
    table |= {(1, 12): 0, (7, 4): 12, (4, 4): 6, (4, 8): 12}
    return table.get((kernel_size, dilation), dilation)""",
            hint="How far from the middle",
        ),
        "Half of an even number is still a float.": Mistake(
            "(kernel_size - 1) // 2", "(kernel_size - 1) / 2", hint="an int"
        ),
        "Rounding up pads a kernel of 1.": Mistake(
            "return dilation * (kernel_size - 1) // 2",
            "return -(-(dilation * (kernel_size - 1) + 1) // 2)",
            hint="A kernel of 3 sticks out",
        ),
        'The word "same" is returned, not a number.': Mistake(
            "return dilation * (kernel_size - 1) // 2", 'return "same"', hint="an int"
        ),
    },
}
