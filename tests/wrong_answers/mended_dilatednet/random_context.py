"""The context module starts from random numbers."""

import torch.nn.functional as F
from torch import nn

from course_utils.models.dilatednet import ContextModule

HINT = "passes positive logits on"


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)
        for layer in self.context.modules():
            if isinstance(layer, nn.Conv2d):
                layer.reset_parameters()

    def forward(self, images):
        x = self.context(self.front_end(images))
        x = F.interpolate(x, scale_factor=8, mode="bilinear")
        height, width = images.shape[-2:]
        return x[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
