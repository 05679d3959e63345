"""Front-end and context module in one sequence; cells repeated at the border first."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.dilatednet import ContextModule


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.cells = nn.Sequential(front_end, ContextModule(num_classes))

    def forward(self, images):
        x = F.pad(self.cells(images), (1, 1, 1, 1), mode="replicate")
        x = F.interpolate(x, scale_factor=8, mode="bilinear", align_corners=False)
        height, width = images.shape[-2:]
        return x[..., 8 : 8 + height, 8 : 8 + width]


ANSWERS = (MendedDilatedNet,)
