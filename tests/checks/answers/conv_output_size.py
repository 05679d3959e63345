"""Answers to exercise 1.1: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # The formula of torch's documentation.
    "formula": """
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
""",
    # The kernel is moved along as long as it fits.
    "loop_over_places": """
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    first, places = -padding, 0
    while first + dilation * (kernel_size - 1) < size + padding:
        places += 1
        first += stride
    return places
""",
    # The places are a range.
    "range_length": """
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    return len(range(0, size + 2 * padding - span + 1, stride))
""",
    # A torch layer is asked.
    "torch_layer": """
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    layer = nn.Conv2d(1, 1, kernel_size, stride, padding, dilation)
    width = dilation * (kernel_size - 1) + 1
    return layer(torch.zeros(1, 1, size, width)).shape[2]
""",
}

MISTAKES = {
    "formula": {
        "The first place is divided by the stride, too.": Mistake(
            ") - 1) // stride + 1", ")) // stride", hint="then add the first place"
        ),
        "Stride, padding and dilation have no defaults.": Mistake(
            "def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):",
            "def conv_output_size(size, kernel_size, stride, padding, dilation):",
            hint="missing 3 required",
        ),
        "Steps are counted, but not the first place.": Mistake(
            " // stride + 1", " // stride", hint="At how many places"
        ),
        "Padding comes before stride.": Mistake(
            "stride=1, padding=0", "padding=0, stride=1", hint="Count the steps"
        ),
        "True division makes the size a float.": Mistake(
            "// stride + 1", "/ stride + 1", hint="an int"
        ),
    },
    "range_length": {
        "A dilated kernel is taken to span kernel_size * dilation.": Mistake(
            "dilation * (kernel_size - 1) + 1", "dilation * kernel_size", hint="span"
        ),
        "Every tap, even the last, is followed by dilation - 1 gaps.": Mistake(
            "dilation * (kernel_size - 1) + 1",
            "kernel_size if dilation == 1 else kernel_size * dilation",
            hint="span",
        ),
        "Dilation is left out.": Mistake(
            "dilation * (kernel_size - 1) + 1", "kernel_size", hint="span"
        ),
        "The printed cases are looked up in a table.": Mistake(
            "return len(range(0, size + 2 * padding - span + 1, stride))",
            """seen = {(7, 3, 1, 0, 1): 5, (7, 7, 1, 0, 1): 1, (7, 3, 1, 1, 1): 7}
    seen |= {(7, 3, 2, 0, 1): 3, (8, 3, 2, 1, 1): 4, (9, 3, 1, 0, 2): 5}
    seen |= {(9, 1, 1, 0, 4): 9, (65, 3, 1, 12, 12): 65, (224, 7, 2, 3, 1): 112}
    return seen[size, kernel_size, stride, padding, dilation]""",
            hint="raised KeyError",
        ),
        "Padding is left out.": Mistake(" + 2 * padding", "", hint="both sides"),
        "Padding is counted once.": Mistake(
            "2 * padding", "padding", hint="both sides"
        ),
        "Halves are rounded to the nearest even number.": Mistake(
            "len(range(0, size + 2 * padding - span + 1, stride))",
            "round((size + 2 * padding - span) / stride + 1)",
            hint="round down",
        ),
        "The size is rounded up, as in a pool with ceil_mode.": Mistake(
            "len(range(0, size + 2 * padding - span + 1, stride))",
            "-(-(size + 2 * padding - span) // stride) + 1",
            hint="round down",
        ),
        "The output is taken to be the input divided by the stride.": Mistake(
            "len(range … stride))", "-(-size // stride)", hint="At how many places"
        ),
    },
}
