"""The size is twice the map, less one where the image is odd."""

HINT = "raised"


def decode(blocks, x, indices, sizes):
    height, width = sizes[-1]
    for block, index in zip(blocks, indices, strict=True):
        h, w = x.shape[-2:]
        x = block(x, index, (2 * h - height % 2, 2 * w - width % 2))
    return x
