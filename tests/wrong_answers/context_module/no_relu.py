"""No ReLU stands between the layers, so they are one linear layer."""

from torch import nn

HINT = "ReLUs are missing"


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
        for layer in self.layers:
            logits = layer(logits)
        return logits


ANSWERS = (ContextModule,)
