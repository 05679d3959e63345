"""The enlargement is written for the 11 classes of CamVid."""

from torch import nn

from course_utils.models.dilatednet import ContextModule

HINT = "num_classes decides"


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)
        self.upsampling = nn.ConvTranspose2d(
            11, 11, 16, stride=8, padding=4, bias=False
        )

    def forward(self, images):
        x = self.context(self.front_end(images))
        height, width = images.shape[-2:]
        return self.upsampling(x)[..., :height, :width]


ANSWERS = (MendedDilatedNet,)
