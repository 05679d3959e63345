"""The blocks are not called, their unpooling alone is."""

import torch.nn.functional as F

HINT = "called once"


def decode(blocks, x, indices, sizes):
    for index, size in zip(indices, sizes, strict=True):
        x = F.max_unpool2d(x, index, 2, output_size=size)
    return x
