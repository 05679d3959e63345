"""One nn.Sequential does it all."""

from torch import nn


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        layers = []
        for d in (1, 1, 2, 4, 8, 16, 1):
            conv = nn.Conv2d(num_classes, num_classes, 3, padding="same", dilation=d)
            layers += [conv, nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(num_classes, num_classes, 1))
        self.apply(start_as_identity)

    def forward(self, logits):
        return self.layers(logits)


def start_as_identity(layer):
    if isinstance(layer, nn.Conv2d):
        nn.init.dirac_(layer.weight)
        nn.init.zeros_(layer.bias)


ANSWERS = (ContextModule,)
