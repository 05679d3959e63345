"""The 3x3 layers are given the module's input, the 1x1 the last of them."""

import torch.nn.functional as F
from torch import nn

HINT = "right shape"


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        layers = [
            nn.Conv2d(num_classes, num_classes, 3, padding=d, dilation=d)
            for d in (1, 1, 2, 4, 8, 16, 1)
        ]
        layers.append(nn.Conv2d(num_classes, num_classes, 1))
        self.layers = nn.ModuleList(layers)
        for layer in layers:
            nn.init.dirac_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, logits):
        *layers, last = self.layers
        for layer in layers:
            x = F.relu(layer(logits))
        return last(x)


ANSWERS = (ContextModule,)
