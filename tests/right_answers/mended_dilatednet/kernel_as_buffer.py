"""The bilinear kernel is a buffer, and the context module is written out."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.blocks import bilinear_kernel


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
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.last(x)


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = Context(num_classes)
        kernel = bilinear_kernel(8).expand(num_classes, 1, 16, 16)
        self.register_buffer("kernel", kernel.clone())

    def forward(self, images):
        x = self.context(self.front_end(images))
        groups = x.shape[1]
        x = F.conv_transpose2d(x, self.kernel, stride=8, padding=4, groups=groups)
        height, width = images.shape[-2:]
        return x[:, :, :height, :width]


ANSWERS = (MendedDilatedNet,)
