"""One loop over the three lists."""


def decode(blocks, x, indices, sizes):
    for block, index, size in zip(blocks, indices, sizes, strict=True):
        x = block(x, index, size)
    return x
