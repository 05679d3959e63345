"""The layers have no bias."""

from torch import nn

HINT = "with a bias"


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        layers = []
        for d in (1, 1, 2, 4, 8, 16, 1):
            conv = nn.Conv2d(
                num_classes, num_classes, 3, padding=d, dilation=d, bias=False
            )
            layers += [conv, nn.ReLU()]
        layers.append(nn.Conv2d(num_classes, num_classes, 1, bias=False))
        self.layers = nn.Sequential(*layers)
        for layer in layers[::2]:
            nn.init.dirac_(layer.weight)

    def forward(self, logits):
        return self.layers(logits)


ANSWERS = (ContextModule,)
