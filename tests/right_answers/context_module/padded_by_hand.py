"""The map is padded by hand before each layer."""

import torch.nn.functional as F
from torch import nn


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        dilations = (1, 1, 2, 4, 8, 16, 1)
        self.near_to_far = nn.ModuleList(
            nn.Conv2d(num_classes, num_classes, 3, dilation=d) for d in dilations
        )
        self.last = nn.Conv2d(num_classes, num_classes, 1)
        for layer in (*self.near_to_far, self.last):
            nn.init.dirac_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, logits):
        for layer in self.near_to_far:
            margin = layer.dilation[0]
            logits = F.relu(layer(F.pad(logits, [margin] * 4)))
        return self.last(logits)


ANSWERS = (ContextModule,)
