"""Copies of the lists, read from their ends."""


def decode(blocks, x, indices, sizes):
    indices, sizes = indices[::-1], list(reversed(sizes))
    for block in blocks:
        x = block(x, indices.pop(), sizes.pop())
    return x
