"""One layer serves wherever the dilation is 1."""

import torch.nn.functional as F
from torch import nn

HINT = "each its own"


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()

        def layer(d):
            conv = nn.Conv2d(num_classes, num_classes, 3, padding=d, dilation=d)
            nn.init.dirac_(conv.weight)
            nn.init.zeros_(conv.bias)
            return conv

        near = layer(1)
        self.layers = nn.ModuleList([near, near, *map(layer, (2, 4, 8, 16)), near])
        self.last = nn.Conv2d(num_classes, num_classes, 1)
        nn.init.dirac_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, logits):
        for layer in self.layers:
            logits = F.relu(layer(logits))
        return self.last(logits)


ANSWERS = (ContextModule,)
