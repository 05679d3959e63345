"""The image is filled up to a multiple of 32 and the logits are cropped."""

import torch.nn.functional as F
from torch import nn

HINT = "Zeros around the image take part"


class EncoderDecoder(nn.Module):
    def __init__(self, stages, decoder):
        super().__init__()
        self.stages, self.decoder = stages, decoder

    def forward(self, images):
        x = images
        height, width = images.shape[-2:]
        x = F.pad(x, (0, -width % 32, 0, -height % 32))
        kept = []
        for stage in self.stages:
            x = stage(x)
            size = x.shape[-2:]
            x, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
            kept.append((index, size))
        for stage, (index, size) in zip(self.decoder, reversed(kept), strict=True):
            x = F.max_unpool2d(x, index, 2, output_size=size)
            x = stage(x)
        return x[..., :height, :width]


ANSWERS = (EncoderDecoder,)
