"""The transposed convolution mixes all classes, from a random start."""

from torch import nn

from course_utils.models.dilatednet import ContextModule

HINT = "mixes no classes"


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)
        self.upsampling = nn.ConvTranspose2d(
            num_classes, num_classes, 16, stride=8, padding=4
        )

    def forward(self, images):
        x = self.upsampling(self.context(self.front_end(images)))
        height, width = images.shape[-2:]
        return x[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
