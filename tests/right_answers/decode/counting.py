"""A counting loop."""


def decode(blocks, x, indices, sizes):
    for k in range(len(blocks)):
        height, width = sizes[k]
        x = blocks[k](x, indices[k], (height, width))
    return x
