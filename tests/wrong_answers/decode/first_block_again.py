"""The first block is used at every stage."""

HINT = "called once"


def decode(blocks, x, indices, sizes):
    for index, size in zip(indices, sizes, strict=True):
        x = blocks[0](x, index, size)
    return x
