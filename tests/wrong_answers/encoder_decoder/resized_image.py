"""The image is resized to a multiple of 32, and the logits back."""

import torch.nn.functional as F
from torch import nn

HINT = "nothing is resized"


class EncoderDecoder(nn.Module):
    def __init__(self, stages, decoder):
        super().__init__()
        self.stages, self.decoder = stages, decoder

    def forward(self, images):
        x = images
        size = [-(-n // 32) * 32 for n in images.shape[-2:]]
        x = F.interpolate(x, size=size)
        kept = []
        for stage in self.stages:
            x = stage(x)
            size = x.shape[-2:]
            x, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
            kept.append((index, size))
        for stage, (index, size) in zip(self.decoder, reversed(kept), strict=True):
            x = F.max_unpool2d(x, index, 2, output_size=size)
            x = stage(x)
        x = F.interpolate(x, size=images.shape[-2:])
        return x


ANSWERS = (EncoderDecoder,)
