"""Every layer is normalized, which undoes the identity."""

from torch import nn

HINT = "Seven 3x3 layers"


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        layers = []
        for d in (1, 1, 2, 4, 8, 16, 1):
            conv = nn.Conv2d(num_classes, num_classes, 3, padding=d, dilation=d)
            layers += [conv, nn.BatchNorm2d(num_classes, eps=0), nn.ReLU()]
        layers.append(nn.Conv2d(num_classes, num_classes, 1))
        self.layers = nn.Sequential(*layers)
        for layer in self.layers:
            if isinstance(layer, nn.Conv2d):
                nn.init.dirac_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, logits):
        return self.layers(logits)


ANSWERS = (ContextModule,)
