"""Decoding is done without a gradient."""

import torch

HINT = "no detach, no_grad"


def decode(blocks, x, indices, sizes):
    with torch.no_grad():
        for block, index, size in zip(blocks, indices, sizes, strict=True):
            x = block(x, index, size)
    return x
