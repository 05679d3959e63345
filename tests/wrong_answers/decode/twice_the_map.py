"""Every stage is taken to double its map, as in the lecture."""

HINT = "Twice the map is not always"


def decode(blocks, x, indices, sizes):
    for block, index in zip(blocks, indices, strict=True):
        height, width = x.shape[-2:]
        x = block(x, index, (2 * height, 2 * width))
    return x
