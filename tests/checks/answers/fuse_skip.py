"""Answers to exercise 1.4: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # One call and a sum.
    "interpolate": """
def fuse_skip(deep, skip):
    deep = F.interpolate(deep, size=skip.shape[-2:], mode="bilinear")
    return deep + skip
""",
    # The four cells around each place are gathered and weighted.
    "four_neighbors": '''
def neighbors(small, large):
    """The cells before and after each place, and how far it is between them."""
    at = ((torch.arange(large) + 0.5) * small / large - 0.5).clamp(min=0)
    before = at.floor().long().clamp(max=small - 1)
    return before, (before + 1).clamp(max=small - 1), at - before


def fuse_skip(deep, skip):
    top, bottom, down = neighbors(deep.shape[2], skip.shape[2])
    left, right, along = neighbors(deep.shape[3], skip.shape[3])
    down = down[:, None]
    upper = deep[:, :, top]
    lower = deep[:, :, bottom]
    upper = upper[..., left] * (1 - along) + upper[..., right] * along
    lower = lower[..., left] * (1 - along) + lower[..., right] * along
    return upper * (1 - down) + lower * down + skip
''',
    # The places of skip's cells are sampled from deep.
    "grid_sample": """
def fuse_skip(deep, skip):
    grids = []
    for size in skip.shape[-2:]:
        grids.append((torch.arange(size) + 0.5) * 2 / size - 1)
    y, x = torch.meshgrid(*grids, indexing="ij")
    grid = torch.stack([x, y], dim=-1).expand(len(deep), -1, -1, -1)
    sampled = F.grid_sample(deep, grid, padding_mode="border", align_corners=False)
    return sampled + skip
""",
    # Bilinear interpolation is a matrix for the rows and one for the columns.
    "two_matrices": '''
def tent(small, large):
    """Weights of the small cells in each of the large ones, (large, small)."""
    at = (torch.arange(large) + 0.5) * small / large - 0.5
    at = at.clamp(0, small - 1)
    return (1 - (at[:, None] - torch.arange(small)).abs()).clamp(min=0)


def fuse_skip(deep, skip):
    rows = tent(deep.shape[-2], skip.shape[-2])
    columns = tent(deep.shape[-1], skip.shape[-1])
    return torch.einsum("yh,nchw,xw->ncyx", rows, deep, columns) + skip
''',
}

MISTAKES = {
    "interpolate": {
        "The sum is written into deep where the sizes agree.": Mistake(
            "deep = F",
            "if deep.shape != skip.shape:\n        deep = F",
            "deep + skip",
            "deep.add_(skip)",
            hint="in place",
        ),
        "The sum is written into skip.": Mistake(
            "deep = F", "skip += F", "deep + skip", "skip", hint="in place"
        ),
        "Corner pixels are aligned with corner pixels.": Mistake(
            '"bilinear"', '"bilinear", align_corners=True', hint="align_corners=True"
        ),
        "deep is enlarged by 2, whatever the size of skip.": Mistake(
            "size=skip.shape[-2:]", "scale_factor=2", hint="no whole factor"
        ),
        "Interpolation is bicubic instead of bilinear.": Mistake(
            "bilinear", "bicubic", hint="bicubic"
        ),
        "deep is not enlarged; broadcasting hides that for one cell.": Mistake(
            "deep = … return", "return", hint="Enlarge deep"
        ),
        "The maps are concatenated, as in U-Net.": Mistake(
            "deep + skip", "torch.cat([deep, skip], dim=1)", hint="the channels stay"
        ),
        "deep is doubled step by step.": Mistake(
            "deep = F",
            """height, width = skip.shape[-2:]
    while 2 * deep.shape[-2] <= height and 2 * deep.shape[-1] <= width:
        deep = F.interpolate(deep, scale_factor=2, mode="bilinear")
    deep = F""",
            hint="in one step",
        ),
        "Only the first image's scores are enlarged; broadcasting hides it.": Mistake(
            "(deep, size", "(deep[:1], size", hint="in every image"
        ),
        "The two are averaged.": Mistake(
            "return deep + skip", "return (deep + skip) / 2", hint="half of the sum"
        ),
        "interpolate without a mode copies pixels.": Mistake(
            ', mode="bilinear"', "", hint="nearest neighbor"
        ),
        "The sum is made under no_grad.": Mistake(
            "return deep + skip",
            "with torch.no_grad():\n        return deep + skip",
            hint="should carry a gradient, got",
        ),
        "The factor of the height is used for the width.": Mistake(
            "size=skip.shape[-2:]",
            "scale_factor=skip.shape[2] / deep.shape[2]",
            hint="own factor",
        ),
        "skip is cut to twice the size of deep.": Mistake(
            "deep = … deep + skip",
            """height, width = (2 * n for n in deep.shape[-2:])
    deep = F.interpolate(deep, size=(height, width), mode="bilinear")
    return deep[..., : skip.shape[2], : skip.shape[3]] + skip[..., :height, :width]""",
            hint="no whole factor",
        ),
        "The skip is detached, so the encoder does not learn from it.": Mistake(
            "return deep + skip", "return deep + skip.detach()", hint="argument 2"
        ),
        "skip is shrunk to the size of deep.": Mistake(
            "deep = F.interpolate(deep, size=skip",
            "skip = F.interpolate(skip, size=deep",
            hint="should have shape",
        ),
        "deep is enlarged by a rounded factor and cut to size.": Mistake(
            "deep = … return deep",
            """height, width = skip.shape[-2:]
    factor = -(-height // deep.shape[-2])
    deep = F.interpolate(deep, scale_factor=factor, mode="bilinear")
    return deep[..., :height, :width]""",
            hint="no whole factor",
        ),
        "The size is given as (W, H).": Mistake(
            "skip.shape[-2:]", "skip.shape[:1:-1]", hint="height is not width"
        ),
    },
}
