"""Each block is a module: a convolution and its ReLU."""

from torch import nn


class Look(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.conv = nn.Conv2d(
            channels, channels, 3, padding=dilation, dilation=dilation
        )
        nn.init.dirac_(self.conv.weight)
        nn.init.constant_(self.conv.bias, 0)

    def forward(self, x):
        return self.conv(x).relu()


class ContextModule(nn.Sequential):
    def __init__(self, num_classes):
        super().__init__(*(Look(num_classes, d) for d in (1, 1, 2, 4, 8, 16, 1)))
        self.append(nn.Conv2d(num_classes, num_classes, 1))
        nn.init.dirac_(self[-1].weight)
        nn.init.constant_(self[-1].bias, 0)


ANSWERS = (ContextModule,)
