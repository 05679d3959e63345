"""The lists are taken to run from the image down."""

HINT = "from the deepest stage up"


def decode(blocks, x, indices, sizes):
    for block, index, size in zip(
        reversed(blocks), reversed(indices), reversed(sizes), strict=True
    ):
        x = block(x, index, size)
    return x
