"""The size is rounded down to whole cells."""

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
        x = F.interpolate(x, scale_factor=8, mode="bilinear")
        height, width = (side // 8 * 8 for side in images.shape[-2:])
        return x[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
