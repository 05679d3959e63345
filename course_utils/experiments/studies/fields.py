"""Fields and strides, with fields that end inside the picture.

DeepLab's field of 435 pixels is wider than a picture of 256: nearly half of its outer
taps lie on padding, and notebook 05 found neither that a wider field helps nor that one
is missed. The net here has VGG16's first four stages and a 3×3 fc6, and sees 88 to 188
pixels. Three nets answer every 8 pixels and differ in the dilation of fc6 alone. Two
have no third pool and answer every 4: one as it is, whose field has shrunk, and one
that is dilated by 2 behind it, which sees what it saw before.

"A wider field alone gains" holds if: mean IoU rises from fc6's dilation 1 to 3 or to 6,
at stride 8. "Strides removed without dilation cost mean IoU" holds if: "stride 4,
dilated" gains over "stride 4". "A finer stride gains at the borders" holds if: "stride
4, dilated" gains boundary IoU over "stride 8, fc6 dilated by 3", at about the same
field. Each after N and after 2N steps, by more than the spread of the seeds; refuted if
there is no gain at either.
"""

from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.experiments.benchmark.measure import count_costs
from course_utils.experiments.studies.trial import Trial
from course_utils.models.blocks import conv_relu, upsample_bilinear
from course_utils.models.vgg16 import vgg16_stages


class FourStages(nn.Module):
    """VGG16's first four stages, fc6, fc7, a score, and a bilinear enlargement.

    Shape: (N, 3, H, W), multiples of 8, to logits (N, num_classes, H, W).

    Args:
        num_classes: Channels of the logits.
        base_channels: Width of the first stage.
        num_pools: Pools of stride 2, 3 or 2; the output stride is 8 or 4.
        conv4_dilation: Dilation of the fourth stage.
        fc6_dilation: Dilation of fc6.
    """

    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int,
        num_pools: int = 3,
        conv4_dilation: int = 1,
        fc6_dilation: int = 1,
    ) -> None:
        super().__init__()
        self.num_pools = num_pools
        self.stages = vgg16_stages(base_channels, batch_norm=True)[:4]
        for layer in self.stages[3]:
            if isinstance(layer, nn.Conv2d):
                layer.dilation = layer.padding = (conv4_dilation, conv4_dilation)
        deep, wide = 8 * base_channels, 16 * base_channels
        fc6 = conv_relu(deep, wide, dilation=fc6_dilation, batch_norm=True)
        self.fc6 = nn.Sequential(*fc6)
        self.fc7 = nn.Sequential(*conv_relu(wide, wide, 1, batch_norm=True))
        self.score = nn.Conv2d(wide, num_classes, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        x = images
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number < self.num_pools:
                x = F.max_pool2d(x, 2)  # (N, C, H/2, W/2), then H/4, H/8
        return upsample_bilinear(self.score(self.fc7(self.fc6(x))), images.shape[-2:])


FORMS = {
    "stride 8, fc6 dilated by 1": dict(fc6_dilation=1),
    "stride 8, fc6 dilated by 3": dict(fc6_dilation=3),
    "stride 8, fc6 dilated by 6": dict(fc6_dilation=6),
    "stride 4": dict(num_pools=2, fc6_dilation=3),
    "stride 4, dilated": dict(num_pools=2, conv4_dilation=2, fc6_dilation=6),
}
"""Arguments of each net."""


def field_of(**form: int) -> int:
    """Compute the theoretical receptive field of a form, pixels."""
    with torch.device("meta"):
        net = FourStages(2, base_channels=1, **form)
    return int(count_costs(net, (64, 64))["receptive_field"])


def measure(trial: Trial) -> None:
    """Train the five forms, and store their fields."""
    fields = {f"{name}: field, px": field_of(**form) for name, form in FORMS.items()}
    if not trial.is_stored(*fields):
        trial.store(fields)
    make = partial(FourStages, trial.num_classes, base_channels=trial.run.base_channels)
    trial.compare({name: partial(make, **form) for name, form in FORMS.items()})
