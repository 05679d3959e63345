"""Answers to exercise 6.1: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # The touched places are the bits of a number.
    "bit_mask": """
def footprint(dilations, kernel_size=3):
    row = 1
    for dilation in dilations:
        before, row = row, 0
        for tap in range(kernel_size):
            row |= before << (dilation * tap)
    side = row.bit_length()
    return side, (bin(row).count("1") / side) ** 2
""",
    # The gradient of one output cell through layers of ones.
    "by_gradient": """
def footprint(dilations, kernel_size=3):
    side = 1 + sum(d * (kernel_size - 1) for d in dilations)
    cells = torch.ones(1, 1, side, side, requires_grad=True)
    x = cells
    for dilation in dilations:
        kernel = torch.full((1, 1, kernel_size, kernel_size), 1 / kernel_size**2)
        x = F.conv2d(x, kernel, dilation=dilation)
    (grad,) = torch.autograd.grad(x.sum(), cells)
    return side, (grad > 0).double().mean().item()
""",
    # Kernels with gaps, convolved with each other by NumPy.
    "numpy_convolution": """
def footprint(dilations, kernel_size=3):
    row = np.ones(1)
    for dilation in dilations:
        kernel = np.zeros(dilation * (kernel_size - 1) + 1)
        kernel[::dilation] = 1
        row = np.convolve(row, kernel)
    return len(row), float((row > 0).mean() ** 2)
""",
    # From the last layer down, a tap at a time.
    "recursion": """
def footprint(dilations, kernel_size=3):
    def places(layers, start):
        if not layers:
            return {start}
        steps = [start + layers[-1] * tap for tap in range(kernel_size)]
        return set().union(*(places(layers[:-1], step) for step in set(steps)))

    touched = places(list(dilations), 0)
    side = max(touched) - min(touched) + 1
    return side, len(touched) ** 2 / side**2
""",
    # Sets of touched places, along one axis.
    "sets": """
def footprint(dilations, kernel_size=3):
    touched = {0}
    for dilation in dilations:
        touched = {t + dilation * k for t in touched for k in range(kernel_size)}
    side = max(touched) + 1
    return side, (len(touched) / side) ** 2
""",
}

MISTAKES = {
    "sets": {
        "The layers are treated as one, with the sum of their dilations.": Mistake(
            "in dilations", "in [sum(dilations)]", hint="none is left out"
        ),
        "The caller's list is emptied.": Mistake(
            "for dilation in dilations:",
            "while dilations:\n        dilation = dilations.pop()",
            hint="changed its argument 1 in place",
        ),
        "The share is given in percent.": Mistake(
            "return side, ", "return side, 100 * ", hint="give a proportion"
        ),
        "Three taps are hard-coded.": Mistake(
            "(kernel_size)", "(3)", hint="A kernel of 5 has five taps"
        ),
        "A dilated kernel is taken to span kernel_size * dilation cells.": Mistake(
            "max(touched) + 1",
            "1 + sum(kernel_size * dilation - 1 for dilation in dilations)",
            hint="Taps at 0, 2 and 4",
        ),
        "Only the taps of the last layer are counted.": Mistake(
            "(len(touched) / side) ** 2",
            "(kernel_size / side) ** 2 if dilations else 1.0",
            hint="none is left out",
        ),
        "max(dilations) fails when there are no layers.": Mistake(
            "touched = {0}",
            "max(dilations)\n    touched = {0}",
            hint="With no layer at all",
        ),
        "The window is taken to be solid, as papers draw it.": Mistake(
            "(len(touched) / side) ** 2", "1.0", hint="Taps at 0, 2 and 4"
        ),
        "Taps are centered, though an even kernel has no middle.": Mistake(
            "kernel_size)}\n    side = max",
            """-(kernel_size // 2), kernel_size // 2 + 1)}
    side = max(touched) - min""",
            hint="Layer by layer",
        ),
        "The side is one cell short.": Mistake(
            "(touched) + 1\n    return side, (len(touched) / side)",
            "(touched)\n    return side, (len(touched) / max(1, side))",
            hint="One plain layer touches",
        ),
        "One layer of dilation 1 is taken to fill every gap.": Mistake(
            "return side, (len(touched) / side) ** 2",
            "return side, 1.0 if 1 in dilations else (len(touched) / side) ** 2",
            hint="only gaps that are not too wide",
        ),
        "Cells are counted once per path that leads to them.": Mistake(
            "len(touched)", "kernel_size ** len(dilations)", hint="none is left out"
        ),
        "The layers' shares are multiplied.": Mistake(
            "return side, (len(touched) / side) ** 2",
            """spans = [dilation * (kernel_size - 1) + 1 for dilation in dilations]
    return side, math.prod((kernel_size / span) ** 2 for span in spans)""",
            "def footprint",
            """import math


def footprint""",
            hint="Every tap of a layer adds",
        ),
        "A list is returned instead of a tuple.": Mistake(
            "return side, (len(touched) / side) ** 2",
            "return [side, (len(touched) / side) ** 2]",
            hint="got [3, 1.0]",
        ),
        "The share is taken along one axis only.": Mistake(
            "return side, (len(touched) / side) ** 2",
            "return side, len(touched) / side",
            hint="the window is square",
        ),
        "The side is a float.": Mistake(
            "return side,",
            "side = len(touched) / (len(touched) / side)\n    return side,",
            hint="got (3.0, 1.0)",
        ),
    },
}
