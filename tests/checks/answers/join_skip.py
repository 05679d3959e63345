"""Answers to exercise 4.1: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # F.pad with negative numbers cuts off.
    "negative_padding": """
def join_skip(x, skip):
    bottom, right = (b - a for a, b in zip(x.shape[-2:], skip.shape[-2:], strict=True))
    return torch.cat([F.pad(x, (0, right, 0, bottom)), skip], dim=1)
""",
    # What fits is copied into a map of zeros.
    "copied_into_zeros": """
def join_skip(x, skip):
    images, channels = x.shape[:2]
    joined = skip.new_zeros(images, channels + skip.shape[1], *skip.shape[2:])
    height, width = (
        min(a, b) for a, b in zip(x.shape[2:], skip.shape[2:], strict=True)
    )
    joined[:, :channels, :height, :width] = x[:, :, :height, :width]
    joined[:, channels:] = skip
    return joined
""",
    # Padded generously, then cropped.
    "padded_then_cropped": """
def join_skip(x, skip):
    height, width = skip.shape[-2:]
    x = F.pad(x, (0, width, 0, height))[:, :, :height, :width]
    return torch.cat([x, skip], dim=1)
""",
    # Rows and columns are added or cut off one after the other.
    "step_by_step": """
def fit(x, dim, size):
    missing = size - x.shape[dim]
    if missing <= 0:
        return x.narrow(dim, 0, size)
    shape = list(x.shape)
    shape[dim] = missing
    return torch.cat([x, x.new_zeros(shape)], dim=dim)


def join_skip(x, skip):
    x = fit(fit(x, 2, skip.shape[2]), 3, skip.shape[3])
    return torch.cat((x, skip), 1)
""",
}

MISTAKES = {
    "negative_padding": {
        "The maps are added, as in FCN.": Mistake(
            "torch.cat([F.pad(x, (0, right, 0, bottom)), skip], dim=1)",
            "F.pad(x, (0, right, 0, bottom)) + skip",
            hint="That is the sum",
        ),
        "The border is repeated instead of filled with zeros.": Mistake(
            "return torch.cat([F.pad(x, (0, right, 0, bottom)), skip], dim=1)",
            """x = F.pad(x, (0, max(right, 0), 0, max(bottom, 0)), mode="replicate")
    return torch.cat([x[..., : skip.shape[-2], : skip.shape[-1]], skip], dim=1)""",
            hint="x is smaller: add zeros",
        ),
        "The skip is detached, to save memory.": Mistake(
            "], dim", ".detach()], dim", hint="Both maps come from layers that learn"
        ),
        "F.pad is given the height first.": Mistake(
            "return torch.cat([F.pad(x, (0, right, 0, bottom)), skip], dim=1)",
            "return torch.cat([F.pad(x, (0, bottom, 0, right)), skip], dim=1)",
            hint="Each side has its own difference",
        ),
        "The maps are concatenated along the batch.": Mistake(
            ", dim=1", "", hint="The sizes agree already"
        ),
        "x is resized by nearest neighbor.": Mistake(
            "F.pad(x, (0, right, 0, bottom))",
            "F.interpolate(x, skip.shape[-2:])",
            hint="nearest neighbor",
        ),
        "The sizes are assumed to agree.": Mistake(
            "F.pad(x, (0, right, 0, bottom))",
            "x",
            hint="x has 2×2 cells and the skip 3×3",
        ),
        "The difference of the heights is used for the widths, too.": Mistake(
            "0, right, 0", "0, bottom, 0", hint="Each side has its own difference"
        ),
        "A larger x is not cropped.": Mistake(
            "0, right, 0, bottom",
            "0, max(right, 0), 0, max(bottom, 0)",
            hint="x is larger: cut off",
        ),
        "Zeros are added at the top and left.": Mistake(
            "0, right, 0, bottom", "right, 0, bottom, 0", hint="not at the top and left"
        ),
        "Zeros are spread over both sides, as in many U-Nets.": Mistake(
            "(0, right, 0, bottom)",
            "(right // 2, right - right // 2, bottom // 2, bottom - bottom // 2)",
            hint="not on both sides",
        ),
        "The skip is put before x.": Mistake(
            "[F.pad … skip]", "[skip, F.pad(x, (0, right, 0, bottom))]", hint="x first"
        ),
        "x is interpolated to the size of the skip.": Mistake(
            "F.pad(x, (0, right, 0, bottom))",
            'F.interpolate(x, skip.shape[-2:], mode="bilinear")',
            hint="stretched",
        ),
        "The skip is cut to the size of x, as in the paper.": Mistake(
            "F.pad(x, (0, right, 0, bottom)), skip",
            "x, skip[..., : x.shape[-2], : x.shape[-1]]",
            hint="x is smaller: add zeros",
        ),
        "Both are cropped to the smaller size.": Mistake(
            "return torch.cat([F.pad(x, (0, right, 0, bottom)), skip], dim=1)",
            """height, width = map(min, x.shape[-2:], skip.shape[-2:])
    return torch.cat([x[..., :height, :width], skip[..., :height, :width]], dim=1)""",
            hint="x is smaller: add zeros",
        ),
    },
}
