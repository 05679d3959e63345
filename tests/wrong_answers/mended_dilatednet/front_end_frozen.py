"""The front-end runs under no_grad."""

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.models.dilatednet import ContextModule

HINT = "The front-end learns with the rest"


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)

    def forward(self, images):
        with torch.no_grad():
            x = self.front_end(images)
        x = self.context(x)
        x = F.interpolate(x, scale_factor=8, mode="bilinear")
        height, width = images.shape[-2:]
        return x[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
