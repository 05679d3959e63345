"""The indices are moved to rows of twice the width."""

HINT = "raised"


def decode(blocks, x, indices, sizes):
    for block, index, size in zip(blocks, indices, sizes, strict=True):
        width = 2 * index.shape[-1]
        index = index // size[1] * width + index % size[1]
        x = block(x, index, size)
    return x
