"""The front-end is kept in a list, where an optimizer won't find it."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.dilatednet import ContextModule

HINT = "The front-end and the context module learn"


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.parts = [front_end]
        self.context = ContextModule(num_classes)

    def forward(self, images):
        x = self.context(self.parts[0](images))
        x = F.interpolate(x, scale_factor=8, mode="bilinear")
        height, width = images.shape[-2:]
        return x[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
