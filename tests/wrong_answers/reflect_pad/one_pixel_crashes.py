"""A side of one pixel has period 0."""

HINT = "A side of one pixel"


def mirrored(side, padding):
    period = 2 * (side - 1)
    places = [k % period for k in range(-padding, side + padding)]
    return [min(k, period - k) for k in places]


def reflect_pad(image, padding):
    rows, columns = (mirrored(side, padding) for side in image.shape[-2:])
    return image[..., rows, :][..., columns]
