"""A fold over the stages."""

from functools import reduce


def decode(blocks, x, indices, sizes):
    stages = zip(blocks, indices, sizes, strict=True)
    return reduce(lambda x, stage: stage[0](x, stage[1], stage[2]), stages, x)
