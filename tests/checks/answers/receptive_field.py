"""Answers to exercise 1.2: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # From one output cell back to the image.
    "backward_recursion": """
from math import prod


def receptive_field(layers):
    size = 1
    for kernel_size, stride, dilation in reversed(layers):
        size = (size - 1) * stride + dilation * (kernel_size - 1) + 1
    return size, prod(stride for _, stride, _ in layers)
""",
    # From the image to the output, with the stride so far.
    "forward_loop": """
def receptive_field(layers):
    size, stride = 1, 1
    for kernel_size, layer_stride, dilation in layers:
        size += (kernel_size - 1) * dilation * stride
        stride *= layer_stride
    return size, stride
""",
    # Which pixels of an image get a gradient.
    "gradient": """
def receptive_field(layers):
    image = torch.ones(1, 1, 600, 1, dtype=torch.float64, requires_grad=True)
    x = image
    for kernel_size, stride, dilation in layers:
        layer = nn.Conv2d(
            1, 1, (kernel_size, 1), (stride, 1), dilation=(dilation, 1), bias=False
        )
        nn.init.constant_(layer.weight, 1 / kernel_size)
        x = layer.double()(x)
    seen = []
    for cell in (0, 1):
        (grad,) = torch.autograd.grad(x[0, 0, cell, 0], image, retain_graph=True)
        seen.append(grad.flatten().nonzero().flatten().tolist())
    return seen[0][-1] + 1, seen[1][0]
""",
    # The pixels under two neighboring cells, as sets.
    "set_of_pixels": """
def receptive_field(layers):
    cells = [{0}, {1}]
    for kernel_size, stride, dilation in reversed(layers):
        taps = range(0, kernel_size * dilation, dilation)
        cells = [
            {cell * stride + tap for cell in seen for tap in taps} for seen in cells
        ]
    return max(cells[0]) + 1, min(cells[1])
""",
}

MISTAKES = {
    "forward_loop": {
        "A dilated kernel is taken to span kernel_size * dilation.": Mistake(
            "- 1) * dilation", "* dilation - 1)", hint="spans 5 cells"
        ),
        "Dilation is left out.": Mistake(
            "dilation in", "_ in", "dilation * stride", "stride", hint="spans 5 cells"
        ),
        "Dilation is counted in pixels of the image, not in cells.": Mistake(
            "size += (kernel_size - 1) * dilation * stride",
            "size += (kernel_size - 1) * (stride + dilation - 1)",
            hint="cells of the layer's input",
        ),
        "Dilation multiplies the stride.": Mistake(
            "= layer_stride", "= layer_stride * dilation", hint="its stride stays 1"
        ),
        "Whole kernels are added, not kernel_size - 1.": Mistake(
            "(kernel_size - 1)", "kernel_size", hint="sees 3 pixels"
        ),
        "Kernel sizes are multiplied.": Mistake(
            "size += (kernel_size - 1) * dilation * stride",
            "size *= dilation * (kernel_size - 1) + 1",
            hint="adds 2 pixels",
        ),
        "The layers are read from last to first.": Mistake(
            "layers:", "reversed(layers):", hint="one cell further is 2 pixels"
        ),
        "The caller's list is emptied.": Mistake(
            "for kernel_size, layer_stride, dilation in layers:",
            """while layers:
        kernel_size, layer_stride, dilation = layers.pop(0)""",
            hint="in place",
        ),
        "1x1 layers are skipped, their stride too.": Mistake(
            "size +",
            """if kernel_size == 1:
            continue
        size +""",
            hint="its stride stays",
        ),
        "A layer's stride is applied to its own kernel.": Mistake(
            "size += ( … layer_stride",
            """stride *= layer_stride
        size += (kernel_size - 1) * dilation * stride""",
            hint="own stride does not widen",
        ),
        "The stride is not returned.": Mistake(
            "return size, stride", "return size", hint="should be (1, 1)"
        ),
        "The field starts at 0 instead of 1.": Mistake(
            "size, stride = 1, 1", "size, stride = 0, 1", hint="With no layer"
        ),
        "Every layer adds its kernel in pixels of the image.": Mistake(
            "dilation * stride", "dilation", hint="one cell further is 2 pixels"
        ),
        "Strides are added from 0: 2, 2, 2 makes 6.": Mistake(
            "stride *= layer_stride",
            """if layer_stride > 1:
            stride = layer_stride if stride == 1 else stride + layer_stride""",
            hint="Strides multiply",
        ),
        "Strides are added up.": Mistake("stride *", "stride +", hint="1 pixel apart"),
    },
}
