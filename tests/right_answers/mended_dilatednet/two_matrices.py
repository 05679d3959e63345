"""Enlarged by two matrix products, cut off by narrow."""

from torch import nn

from course_utils.models.blocks import upsample_bilinear
from course_utils.models.dilatednet import ContextModule


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)

    def forward(self, images):
        x = self.context(self.front_end(images))
        rows, columns = x.shape[-2:]
        x = upsample_bilinear(x, (8 * rows, 8 * columns))
        return x.narrow(2, 0, images.shape[2]).narrow(3, 0, images.shape[3])


ANSWERS = (MendedDilatedNet,)
