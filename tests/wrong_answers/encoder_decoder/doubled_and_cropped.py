"""A map is unpooled to twice its size, then cropped."""

import torch.nn.functional as F
from torch import nn

HINT = "read as other rows and columns"


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
        for stage, (index, size) in zip(self.decoder, reversed(kept), strict=True):
            height, width = x.shape[-2:]
            x = F.max_unpool2d(x, index, 2, output_size=(2 * height, 2 * width))
            x = x[..., : size[0], : size[1]]
            x = stage(x)
        return x


ANSWERS = (EncoderDecoder,)
