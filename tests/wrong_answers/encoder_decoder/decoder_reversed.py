"""The decoder is walked through backwards, like the indices."""

import torch.nn.functional as F
from torch import nn

HINT = "begins with the deepest"


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
        for stage, (index, size) in zip(
            reversed(self.decoder), reversed(kept), strict=True
        ):
            x = F.max_unpool2d(x, index, 2, output_size=size)
            x = stage(x)
        return x


ANSWERS = (EncoderDecoder,)
