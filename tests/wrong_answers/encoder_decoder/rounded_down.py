"""Pools round down: the last odd row and column are dropped."""

import torch.nn.functional as F
from torch import nn

HINT = "round up"


class EncoderDecoder(nn.Module):
    def __init__(self, stages, decoder):
        super().__init__()
        self.stages, self.decoder = stages, decoder

    def forward(self, images):
        x = images
        kept = []
        for stage in self.stages:
            x = stage(x)
            size = x.shape[-2:]
            x, index = F.max_pool2d(x, 2, return_indices=True)
            kept.append((index, size))
        for stage, (index, size) in zip(self.decoder, reversed(kept), strict=True):
            x = F.max_unpool2d(x, index, 2, output_size=size)
            x = stage(x)
        return x


ANSWERS = (EncoderDecoder,)
