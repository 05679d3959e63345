"""Two lists, and ReLU as a function."""

from itertools import pairwise

import torch.nn.functional as F
from torch import nn


class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        widths = [in_channels] * num_layers + [out_channels]
        self.deconvs = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 3, 1, 1) for a, b in pairwise(widths)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths[1:])

    def forward(self, x, indices, output_size):
        x = F.max_unpool2d(x, indices, 2, output_size=output_size)
        for deconv, norm in zip(self.deconvs, self.norms, strict=True):
            x = norm(deconv(x)).relu()
        return x


ANSWERS = (DeconvBlock,)
