"""F.pad, as far as it goes, until enough is there."""

import torch.nn.functional as F


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
