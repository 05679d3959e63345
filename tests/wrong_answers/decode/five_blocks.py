"""There are five blocks, always."""

HINT = "raised IndexError"


def decode(blocks, x, indices, sizes):
    for k in range(5):
        x = blocks[k](x, indices[k], sizes[k])
    return x
