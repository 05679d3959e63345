"""Only the sizes are taken from the image down."""

HINT = "from the deepest stage up"


def decode(blocks, x, indices, sizes):
    for block, index, size in zip(blocks, indices, sizes[::-1], strict=True):
        x = block(x, index, size)
    return x
