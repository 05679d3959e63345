"""The context module is made, and never asked."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.dilatednet import ContextModule

HINT = "sees next to nothing"


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)

    def forward(self, images):
        x = self.front_end(images)
        x = F.interpolate(x, scale_factor=8, mode="bilinear")
        height, width = images.shape[-2:]
        return x[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
