"""The answers are stretched to the size of the image."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.dilatednet import ContextModule

HINT = "stretched over the image"


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)

    def forward(self, images):
        x = self.context(self.front_end(images))
        size = images.shape[-2:]
        return F.interpolate(x, size=size, mode="bilinear")


ANSWERS = (MendedDilatedNet,)
