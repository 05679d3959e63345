"""The first stage, then the rest."""


def decode(blocks, x, indices, sizes):
    if not blocks:
        return x
    x = blocks[0](x, indices[0], sizes[0])
    return decode(blocks[1:], x, indices[1:], sizes[1:])
