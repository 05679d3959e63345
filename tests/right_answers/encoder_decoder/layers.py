"""Pools and unpools as layers, indices popped from a stack."""

from torch import nn


class EncoderDecoder(nn.Module):
    def __init__(self, stages, decoder):
        super().__init__()
        self.stages, self.decoder = stages, decoder
        self.pool = nn.MaxPool2d(2, 2, ceil_mode=True, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2, 2)

    def forward(self, images):
        x, sizes, indices = images, [], []
        for stage in self.stages:
            x = stage(x)
            sizes.append(x.size())
            x, index = self.pool(x)
            indices.append(index)
        for stage in self.decoder:
            x = stage(self.unpool(x, indices.pop(), output_size=sizes.pop()))
        return x


ANSWERS = (EncoderDecoder,)
