"""DilatedNet: VGG16 without its last strides, and a context module on its logits.

Source: Yu and Koltun, 2016, arXiv:1511.07122, and the authors' prototxts.
"""

from pathlib import Path

import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.models.blocks import check_image_batch, conv_relu, upsample_bilinear
from course_utils.models.context import ContextModule
from course_utils.models.padding import reflect_pad
from course_utils.models.vgg16 import WIDTHS, load_vgg16, vgg16_stages

MARGIN = 186
"""What a cell sees beyond its own 8 pixels, on either side, pixels of the image."""


class FrontEnd(nn.Module):
    """VGG16 with pool4 and pool5 removed, and dilation in what came after them.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H/8, W/8),
    rounded up; cell k lies on the pixels 8k to 8k + 7.

    Unlike in the paper, by default: every convolution is padded with zeros, and H and W
    are filled up with zeros to multiples of 8.

    Args:
        num_classes: channels of the logits.
        base_channels: width of the first stage; 64 in the paper. All others, fc6 and
            fc7 included, are multiples of it.
        batch_norm: normalize after every convolution but the scores; not in the paper,
            and needed to train from scratch.
        hidden_channels: of fc6 and fc7; 64 times the first stage's by default.
        padding: "zeros", or "reflect" for the paper's form: no convolution is padded,
            and the image is continued by reflection, 186 pixels on every side.
        pretrained: "imagenet" or a file, see ``vgg16.load_vgg16``; needs 64 base
            channels.

    Raises:
        ValueError: ``padding`` is neither, or weights can't fit.
    """

    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int = 64,
        batch_norm: bool = False,
        hidden_channels: int | None = None,
        padding: str = "zeros",
        pretrained: str | Path | None = None,
    ) -> None:
        super().__init__()
        if padding not in ("zeros", "reflect"):
            raise ValueError(f'padding must be "zeros" or "reflect", got {padding!r}')
        if pretrained is not None and base_channels != 64:
            raise ValueError(
                "pretrained weights need base_channels=64, got "
                f"{base_channels}; leave pretrained=None"
            )
        self.padding = padding
        width = hidden_channels or 64 * base_channels  # 4096 in the paper
        deepest = WIDTHS[-1] * base_channels
        self.stages = vgg16_stages(
            base_channels, batch_norm=batch_norm, last_dilation=2
        )
        self.pool = nn.MaxPool2d(2)
        self.fc6 = nn.Sequential(
            *conv_relu(deepest, width, 7, dilation=4, batch_norm=batch_norm),
            nn.Dropout(0.5),
        )
        self.fc7 = nn.Sequential(
            *conv_relu(width, width, 1, batch_norm=batch_norm), nn.Dropout(0.5)
        )
        self.score = nn.Conv2d(width, num_classes, 1)
        nn.init.normal_(self.score.weight, std=0.001)
        nn.init.zeros_(self.score.bias)
        if padding == "reflect":
            for layer in self.modules():
                if isinstance(layer, nn.Conv2d):
                    layer.padding = (0, 0)
        if pretrained is not None:
            load_vgg16(self.stages, pretrained, fc6=self.fc6[0], fc7=self.fc7[0])

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images, one for 8 pixels."""
        check_image_batch(images)
        bottom, right = (-side % 8 for side in images.shape[-2:])
        if self.padding == "reflect":
            x = reflect_pad(images, MARGIN + 7)
            x = x[..., 7 : x.shape[-2] - 7 + bottom, 7 : x.shape[-1] - 7 + right]
        else:
            x = F.pad(images, (0, right, 0, bottom))
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number < 3:  # pool4 and pool5 are what was removed
                x = self.pool(x)  # (N, WIDTHS[k] * base_channels, H/2, W/2), then /4 …
        return self.score(self.fc7(self.fc6(x)))  # (N, num_classes, H/8, W/8)


class DilatedNet(nn.Module):
    """A front-end, its context module, and a fixed enlargement by 8.

    The authors enlarge with a transposed convolution of each class by itself, whose
    bilinear kernel is frozen. ``blocks.upsample_bilinear`` is its fast equal, except
    within 4 pixels of the border, where theirs fades out.

    From random weights, train the front-end first (``context=None``), and then the
    context module on it (notebook 06): trained at once, 11 of 21 classes were never
    predicted.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Args:
        num_classes: as in ``FrontEnd``, like all arguments but these:
        batch_norm: of the front-end alone; in the context module it would undo the
            start.
        context: "basic", "large", or None for the front-end alone.
        padding: of the front-end; the context module is padded with zeros.

    Raises:
        ValueError: ``context`` is none of these, or as ``FrontEnd`` does.
    """

    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int = 64,
        batch_norm: bool = False,
        hidden_channels: int | None = None,
        context: str | None = "basic",
        padding: str = "zeros",
        pretrained: str | Path | None = None,
    ) -> None:
        super().__init__()
        if context not in (None, "basic", "large"):
            raise ValueError(
                f'context must be "basic", "large" or None, got {context!r}'
            )
        self.front_end = FrontEnd(
            num_classes,
            base_channels=base_channels,
            batch_norm=batch_norm,
            hidden_channels=hidden_channels,
            padding=padding,
            pretrained=pretrained,
        )
        self.context: nn.Module = nn.Identity()
        if context is not None:
            self.context = ContextModule(num_classes, large=context == "large")
            # Above 0, its ReLUs let all logits and gradients through at the start
            nn.init.ones_(self.front_end.score.bias)

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        height, width = images.shape[-2:]
        logits = self.context(self.front_end(images))  # (N, num_classes, H/8, W/8)
        rows, columns = logits.shape[-2:]
        return upsample_bilinear(logits, (8 * rows, 8 * columns))[..., :height, :width]
