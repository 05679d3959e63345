"""What the front-end has filled up is not cut off."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.dilatednet import ContextModule

HINT = "what was filled is cut off"


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)

    def forward(self, images):
        x = self.context(self.front_end(images))
        return F.interpolate(x, scale_factor=8, mode="bilinear")


ANSWERS = (MendedDilatedNet,)
