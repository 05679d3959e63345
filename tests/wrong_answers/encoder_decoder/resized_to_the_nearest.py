"""Nearest rows are taken: right in height by luck, sheared in width."""

import torch.nn.functional as F
from torch import nn

HINT = "other rows and columns"


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
            x, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
            kept.append((index, size))
        for stage, (index, _) in zip(self.decoder, reversed(kept), strict=True):
            if x.shape != index.shape:
                x = F.interpolate(x, size=index.shape[-2:])
            x = F.max_unpool2d(x, index, 2)
            x = stage(x)
        x = F.interpolate(x, size=images.shape[-2:])
        return x


ANSWERS = (EncoderDecoder,)
