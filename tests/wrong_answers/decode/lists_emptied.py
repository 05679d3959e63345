"""The lists are emptied while they are read."""

HINT = "in place"


def decode(blocks, x, indices, sizes):
    for block in blocks:
        x = block(x, indices.pop(0), sizes.pop(0))
    return x
