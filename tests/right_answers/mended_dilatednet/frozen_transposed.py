"""A frozen transposed convolution of each class by itself."""

from torch import nn

from course_utils.models.blocks import bilinear_kernel
from course_utils.models.dilatednet import ContextModule


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)
        self.upsampling = nn.ConvTranspose2d(
            num_classes,
            num_classes,
            16,
            stride=8,
            padding=4,
            groups=num_classes,
            bias=False,
        )
        self.upsampling.weight.data[:] = bilinear_kernel(8)
        self.upsampling.requires_grad_(False)

    def forward(self, images):
        x = self.upsampling(self.context(self.front_end(images)))
        height, width = images.shape[-2:]
        return x[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
