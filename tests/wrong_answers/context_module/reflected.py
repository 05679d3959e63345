"""The layers continue the map by reflection."""

import torch.nn.functional as F
from torch import nn

HINT = "padded with zeros"


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        layers = []
        for d in (1, 1, 2, 4, 8, 16, 1):
            layers.append(
                nn.Conv2d(
                    num_classes,
                    num_classes,
                    3,
                    padding=d,
                    dilation=d,
                    padding_mode="replicate",
                )
            )
        layers.append(nn.Conv2d(num_classes, num_classes, 1))
        self.layers = nn.ModuleList(layers)
        for layer in layers:
            nn.init.dirac_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, logits):
        *layers, last = self.layers
        for layer in layers:
            logits = F.relu(layer(logits))
        return last(logits)


ANSWERS = (ContextModule,)
