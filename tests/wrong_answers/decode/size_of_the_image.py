"""Every stage is asked for the size of the image."""

HINT = "from the deepest stage up"


def decode(blocks, x, indices, sizes):
    for block, index in zip(blocks, indices, strict=True):
        x = block(x, index, sizes[-1])
    return x
