"""Every layer is an attribute of its own."""

from torch import nn


def identity(channels, kernel_size, dilation):
    padding = dilation * (kernel_size // 2)
    conv = nn.Conv2d(channels, channels, kernel_size, 1, padding, dilation)
    conv.weight.data.zero_()
    for k in range(channels):
        conv.weight.data[k, k, kernel_size // 2, kernel_size // 2] = 1
    conv.bias.data.zero_()
    return conv


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        c = num_classes
        self.layer1 = identity(c, 3, 1)
        self.layer2 = identity(c, 3, 1)
        self.layer3 = identity(c, 3, 2)
        self.layer4 = identity(c, 3, 4)
        self.layer5 = identity(c, 3, 8)
        self.layer6 = identity(c, 3, 16)
        self.layer7 = identity(c, 3, 1)
        self.layer8 = identity(c, 1, 1)

    def forward(self, logits):
        x = self.layer1(logits).clamp(min=0)
        x = self.layer2(x).clamp(min=0)
        x = self.layer3(x).clamp(min=0)
        x = self.layer4(x).clamp(min=0)
        x = self.layer5(x).clamp(min=0)
        x = self.layer6(x).clamp(min=0)
        x = self.layer7(x).clamp(min=0)
        return self.layer8(x)


ANSWERS = (ContextModule,)
