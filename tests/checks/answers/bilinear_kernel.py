"""Answers to exercise 1.3: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # A box convolved with a box is a tent.
    "box_with_box": """
def bilinear_kernel(factor):
    box = torch.ones(1, 1, factor, factor)
    pair = torch.ones(1, 1, factor + 1, factor + 1)
    pair[..., 1:-1, :] *= 2
    pair[..., 1:-1] *= 2
    kernel = F.conv2d(box, pair, padding=factor)
    return kernel[0, 0] / (4 * factor**2)
""",
    # What interpolation makes of a single lit pixel.
    "impulse": """
def bilinear_kernel(factor):
    image = torch.zeros(1, 1, 3, 3)
    image[0, 0, 1, 1] = 1
    image = F.interpolate(image, scale_factor=factor, mode="bilinear")
    first = factor // 2
    return image[0, 0, first : first + 2 * factor, first : first + 2 * factor]
""",
    # Two loops, as in the Caffe filler.
    "loops": """
def bilinear_kernel(factor):
    size = 2 * factor
    kernel = torch.zeros(size, size)
    center = (size - 1) / 2
    for i in range(size):
        for j in range(size):
            wide, high = 1 - abs(i - center) / factor, 1 - abs(j - center) / factor
            kernel[i, j] = wide * high
    return kernel
""",
    # The outer product of a tent with itself.
    "outer_product": """
def bilinear_kernel(factor):
    taps = torch.arange(2 * factor, dtype=torch.float32)
    row = 1 - (taps - factor + 0.5).abs() / factor
    return row[:, None] * row
""",
}

MISTAKES = {
    "outer_product": {
        "The ramp starts at 0 and ends at 1, as if corners were aligned.": Mistake(
            "taps = … abs() / factor",
            """half = torch.linspace(0, 1, factor)
    row = torch.cat([half, half.flip(0)])""",
            hint="fall with the distance",
        ),
        "The ramp is divided by zero when it is normalized.": Mistake(
            "row = 1 - (taps - factor + 0.5).abs() / factor",
            """row = 1 - (taps - factor + 0.5).abs() / factor

    row = (row - row.min()) / (row.min() - row.min())""",
            hint="nan",
        ),
        "The kernel for factor 2 is hard-coded.": Mistake(
            "return row[:, None] * row",
            """row = torch.tensor([0.25, 0.75, 0.75, 0.25])
    kernel = torch.zeros(2 * factor, 2 * factor)
    kernel[:4, :4] = row[:, None] * row
    return kernel""",
            hint="does not grow with f",
        ),
        "The kernel keeps NumPy's float64.": Mistake(
            "row[:, None] * row", "row.double()[:, None] * row", hint="float32"
        ),
        "The weights fall off as a Gaussian.": Mistake(
            "row = 1 - (taps - factor + 0.5).abs() / factor",
            "row = torch.exp(-((taps - factor + 0.5) ** 2) / factor)",
            hint="2f taps",
        ),
        "Integer division makes every weight 0 or 1.": Mistake(
            "(2 * factor, dtype=torch.float32) … abs() / factor",
            """(2 * factor)
    row = (1 - (2 * taps - 2 * factor + 1).abs() // (2 * factor)).float()""",
            hint="2f taps",
        ),
        "The middle is put on tap f, as in a kernel of odd size.": Mistake(
            "factor + 0.5", "factor", hint="none on it"
        ),
        "Every input pixel becomes a block.": Mistake(
            "return row[:, None] * row",
            """kernel = torch.zeros(2 * factor, 2 * factor)
    low, high = factor // 2, factor // 2 + factor
    kernel[low:high, low:high] = 1
    return kernel""",
            hint="nearest neighbor",
        ),
        "The kernel is a numpy array.": Mistake(
            "row[:, None] * row", "np.outer(row, row)", hint="should be a tensor"
        ),
        "The kernel has 2f - 1 taps: FCN's formula for odd factors.": Mistake(
            "2 * factor", "2 * factor - 1", "factor + 0.5", "factor + 1", hint="2f taps"
        ),
        "Only one row of the kernel is returned.": Mistake(
            "row[:, None] * row", "row", hint="should have shape (4, 4), got (4,)"
        ),
        "The smaller of the two weights is taken, not the product.": Mistake(
            "return row[:, None] * row",
            "return torch.minimum(row[:, None], row)",
            hint="rows and columns multiply",
        ),
        "The kernel sums to 1, so the enlarged map is too dark.": Mistake(
            "    return row[:, None] * row",
            """
    kernel = row[:, None] * row
    return kernel / kernel.sum()""",
            hint="sum to 1",
        ),
        "The kernel already has the four dimensions of a layer's weight.": Mistake(
            "return row[:, None] * row",
            "return (row[:, None] * row)[None, None]",
            hint="got (1, 1, 4, 4)",
        ),
    },
}
