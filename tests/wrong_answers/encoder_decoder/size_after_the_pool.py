"""The size is taken down after the pool."""

import torch.nn.functional as F
from torch import nn

HINT = "Pool after each stage"


class EncoderDecoder(nn.Module):
    def __init__(self, stages, decoder):
        super().__init__()
        self.stages, self.decoder = stages, decoder

    def forward(self, images):
        x = images
        kept = []
        for stage in self.stages:
            x = stage(x)
            x, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
            size = x.shape[-2:]
            kept.append((index, size))
        for stage, (index, size) in zip(self.decoder, reversed(kept), strict=True):
            x = F.max_unpool2d(x, index, 2, output_size=size)
            x = stage(x)
        return x


ANSWERS = (EncoderDecoder,)
