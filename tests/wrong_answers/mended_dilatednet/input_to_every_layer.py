"""Every layer of the context module is given the front-end's logits."""

import torch.nn.functional as F
from torch import nn

HINT = "sees next to nothing"


class Context(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Conv2d(num_classes, num_classes, 3, padding=d, dilation=d)
            for d in (1, 1, 2, 4, 8, 16, 1)
        )
        self.last = nn.Conv2d(num_classes, num_classes, 1)
        for layer in (*self.layers, self.last):
            nn.init.dirac_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for layer in (*self.layers, self.last):
            out = layer(x)
        return out


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = Context(num_classes)

    def forward(self, images):
        x = self.context(self.front_end(images))
        x = F.interpolate(x, scale_factor=8, mode="bilinear")
        height, width = images.shape[-2:]
        return x[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
