"""The rule of the rows serves for the columns."""

HINT = "H and W each"


def reflect_pad(image, padding):
    side = image.shape[-2]
    period = max(1, 2 * (side - 1))
    rows = [k % period for k in range(-padding, side + padding)]
    rows = [min(k, period - k) for k in rows] if side > 1 else rows
    last = image.shape[-1] - 1
    return image[..., rows, :][..., [min(k, last) for k in rows]]
