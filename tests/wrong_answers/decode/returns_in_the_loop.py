"""The return stands in the loop, after the first block."""

HINT = "from the deepest stage up"


def decode(blocks, x, indices, sizes):
    for block, index, size in zip(blocks, indices, sizes, strict=True):
        x = block(x, index, size)
        return x
