"""The 1x1 layer at the end is left out."""

from torch import nn

HINT = "a 1x1 layer"


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        layers = []
        for d in (1, 1, 2, 4, 8, 16, 1):
            conv = nn.Conv2d(num_classes, num_classes, 3, padding=d, dilation=d)
            nn.init.dirac_(conv.weight)
            nn.init.zeros_(conv.bias)
            layers += [conv, nn.ReLU()]
        self.layers = nn.Sequential(*layers)

    def forward(self, logits):
        return self.layers(logits)


ANSWERS = (ContextModule,)
