"""The input is added to what the layers make of it."""

import torch.nn.functional as F
from torch import nn

HINT = "no shortcuts"


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
        x = logits
        *layers, last = self.layers
        for layer in layers:
            logits = F.relu(layer(logits))
        return x + last(logits)


ANSWERS = (ContextModule,)
