"""Answers to exercise 6.4: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # F.pad, as far as it goes, until enough is there.
    "again_and_again": """
def reflect_pad(image, padding):
    left = [padding, padding]
    while any(left):
        sizes = image.shape[-2:]
        rows, columns = (min(p, s - 1) for p, s in zip(left, sizes, strict=True))
        if rows or columns:
            image = F.pad(image, (columns, columns, rows, rows), mode="reflect")
        one_pixel = [s == 1 and p > 0 for p, s in zip(left, sizes, strict=True)]
        left = [left[0] - rows, left[1] - columns]
        if any(one_pixel):
            rows, columns = (p * one for p, one in zip(left, one_pixel, strict=True))
            image = F.pad(image, (columns, columns, rows, rows), mode="replicate")
            left = [p * (not one) for p, one in zip(left, one_pixel, strict=True)]
    return image
""",
    # The image and its mirror are laid side by side, and a window is cut out.
    "flipped_tiles": """
def continue_columns(x, padding):
    side = x.shape[-1]
    if side == 1:
        return x.expand(*x.shape[:-1], 1 + 2 * padding)
    period = torch.cat([x, x[..., 1:-1].flip(-1)], dim=-1)
    length = period.shape[-1]
    before = -(-padding // length)
    times = before + -(-(side + padding) // length)
    long = torch.cat([period] * times, dim=-1)
    start = before * length - padding
    return long[..., start : start + side + 2 * padding]


def reflect_pad(image, padding):
    x = continue_columns(image, padding).transpose(-1, -2)
    return continue_columns(x, padding).transpose(-1, -2)
""",
    # numpy pads the indices, torch gathers the pixels.
    "numpy_pads_the_indices": Variant(
        "triangle_wave",
        "period = … - places)",
        """indices = np.pad(np.arange(side), padding, mode="reflect")
    return torch.from_numpy(indices)""",
    ),
    # One pixel at a time, each bounced between the borders.
    "pixel_by_pixel": """
def bounced(place, side):
    while side > 1 and not 0 <= place < side:
        place = -place if place < 0 else 2 * (side - 1) - place
    return place if side > 1 else 0


def reflect_pad(image, padding):
    height, width = image.shape[-2:]
    columns = [bounced(k, width) for k in range(-padding, width + padding)]
    rows = [
        image[..., bounced(k, height), :][..., columns]
        for k in range(-padding, height + padding)
    ]
    return torch.stack(rows, dim=-2)
""",
    # Indices that go there and back, computed at once.
    "triangle_wave": """
def mirrored(side, padding):
    period = max(1, 2 * (side - 1))
    places = torch.arange(-padding, side + padding) % period
    return torch.where(places < side, places, period - places)


def reflect_pad(image, padding):
    rows, columns = (mirrored(side, padding) for side in image.shape[-2:])
    return image[..., rows, :][..., columns]
""",
}

MISTAKES = {
    "numpy_pads_the_indices": {
        "The outermost pixel is repeated (NumPy's symmetric mode).": Mistake(
            '"reflect"', '"symmetric"', hint="reflection skips it"
        ),
        "The outermost pixel is repeated all the way (replicate mode).": Mistake(
            "image[..., rows, :][..., columns]",
            'F.pad(image, [padding] * 4, mode="replicate")',
            hint="repeats the outermost pixel",
        ),
        "The image is padded twice.": Mistake(
            "image[..., rows, :][..., columns]",
            'F.pad(F.pad(image, [padding] * 4, "reflect"), [padding] * 4, "reflect")',
            hint="outermost pixel is the mirror",
        ),
        "The period is 2n - 1, so the far border comes twice.": Mistake(
            "indices = … torch.from_numpy(indices)",
            """places = torch.arange(-padding, side + padding).abs() % (2 * side - 1)
    return torch.where(places >= side, 2 * side - 2 - places, places).abs()""",
            hint="far border",
        ),
        "Only the bottom and right are padded.": Mistake(
            "image[..., rows, :][..., columns]",
            "image[..., rows[padding:], :][..., columns[padding:]]",
            hint="outermost pixel is the mirror",
        ),
        "Only the first image of the batch comes back.": Mistake(
            "image[...", "image[:1][...", hint="Every image"
        ),
        "F.pad stops where the padding reaches the size of the image.": Mistake(
            "image[..., rows, :][..., columns]",
            'F.pad(image, [padding] * 4, mode="reflect")',
            hint="turn around again at the far border",
        ),
        "The image goes through NumPy, and the gradient is lost.": Mistake(
            "image[..., rows, :][..., columns]",
            "torch.from_numpy(image.detach().numpy())[..., rows, :][..., columns]",
            hint="stay with torch",
        ),
        "A side of one pixel has period 0.": Mistake(
            "indices = … torch.from_numpy(indices)",
            """period = 2 * (side - 1)
    places = [k % period for k in range(-padding, side + padding)]
    return [min(k, period - k) for k in places]""",
            hint="A side of one pixel",
        ),
        "Only rows are padded.": Mistake(
            "[..., columns]", "", hint="outermost pixel is the mirror"
        ),
        "The image is tiled (wrap mode).": Mistake(
            '"reflect"', '"wrap"', hint="as a tile does"
        ),
        "The border strip is shifted, not mirrored.": Mistake(
            'indices = np.pad(np.arange(side), padding, mode="reflect")',
            """indices = np.arange(side)
    strips = indices[1 : 1 + padding], indices, indices[-1 - padding : -1]
    indices = np.concatenate(strips if padding else [indices])""",
            hint="as a tile does",
        ),
        "Beyond the far border, the border pixel is repeated.": Mistake(
            "(mirrored … columns]",
            """(min(padding, side - 1) for side in image.shape[-2:])
    x = F.pad(image, (columns, columns, rows, rows), mode="reflect")
    rows, columns = padding - rows, padding - columns
    return F.pad(x, (columns, columns, rows, rows), mode="replicate")""",
            hint="turn around again at the far border",
        ),
        "The height is used for the columns.": Mistake(
            "(mirrored … columns]",
            """[mirrored(image.shape[-2], padding)] * 2
    return image[..., rows, :][..., columns.clamp(max=image.shape[-1] - 1)]""",
            hint="H and W each",
        ),
        "The image is padded with zeros.": Mistake(
            "image[..., rows, :][..., columns]",
            "F.pad(image, [padding] * 4)",
            hint="would see a frame",
        ),
    },
}
