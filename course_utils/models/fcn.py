"""FCN-32s, FCN-16s and FCN-8s: VGG16 made fully convolutional.

Source: Long, Shelhamer and Darrell, 2015, arXiv:1411.4038, and the authors' prototxts.
Unlike there, by default: the first convolution pads by 1 instead of 100 and fc6 by 3,
H and W are padded to multiples of 32, and interpolation is bilinear, which equals their
frozen kernels everywhere but at the border.
"""

from pathlib import Path

import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.arguments import FLAG, checked, whole
from course_utils.models.blocks import (
    MODEL_RULES,
    BilinearUpsampling,
    LearnedUpsampling,
    check_image_batch,
    full_precision,
)
from course_utils.models.vgg16 import (
    WIDTHS,
    fc_layers,
    load_vgg16,
    vgg16_stages,
)


def _score_layer(in_channels: int, num_classes: int) -> nn.Conv2d:
    """Make a 1×1 convolution that starts at zero, as the authors' do."""
    score = nn.Conv2d(in_channels, num_classes, 1)
    nn.init.zeros_(score.weight)
    nn.init.zeros_(score.bias)
    return score


def _crop(x: Tensor, offset: int, size: tuple[int, int]) -> Tensor:
    """Crop H and W to ``size``, from row and column ``offset`` on."""
    height, width = size
    return x[..., offset : offset + height, offset : offset + width]


class FCN(nn.Module):
    """A fully convolutional network, whose three forms differ only in their skips.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Args:
        num_classes: Channels of the logits.
        base_channels: Width of the first stage, 64 in the paper; all other widths are
            multiples of it, fc6 and fc7 included.
        batch_norm: Whether to normalize after every convolution but the scores; the
            paper does not, but training from scratch needs it.
        first_padding: Padding of the first convolution: 1, or 100 for the paper's
            padding and crops.
        learned_upsampling: Whether to enlarge with transposed convolutions that start
            bilinear and are trained, instead of fixed interpolation.
        pretrained: "imagenet" or a file, see ``vgg16.load_vgg16``; needs 64 base
            channels.

    Raises:
        ValueError: ``first_padding`` is neither 1 nor 100, or the weights do not fit.
    """

    skip_stages: tuple[int, ...] = ()
    """Stages whose pooled output is scored and added, deepest first."""

    @checked(**MODEL_RULES, first_padding=whole(), learned_upsampling=FLAG)
    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int = 64,
        batch_norm: bool = False,
        first_padding: int = 1,
        learned_upsampling: bool = False,
        pretrained: str | Path | None = None,
    ) -> None:
        super().__init__()
        if first_padding not in (1, 100):
            raise ValueError(f"first_padding must be 1 or 100, got {first_padding}")
        self.first_padding = first_padding
        self.stages = vgg16_stages(
            base_channels, batch_norm=batch_norm, first_padding=first_padding
        )
        self.pool = nn.MaxPool2d(2, ceil_mode=True)
        width = 64 * base_channels  # 4096 in the paper
        self.fc6, self.fc7 = fc_layers(
            WIDTHS[-1] * base_channels,
            width,
            padding=3 if first_padding == 1 else 0,
            batch_norm=batch_norm,
        )
        self.score_fc7 = _score_layer(width, num_classes)
        self.score_skips = nn.ModuleList(
            _score_layer(WIDTHS[stage] * base_channels, num_classes)
            for stage in self.skip_stages
        )
        self.output_stride = 32 >> len(self.skip_stages)
        factors = [2] * len(self.skip_stages) + [self.output_stride]
        self.upsamplings = nn.ModuleList(
            LearnedUpsampling(num_classes, factor)
            if learned_upsampling
            else BilinearUpsampling(factor)
            for factor in factors
        )
        load_vgg16(self.stages, pretrained, fc6=self.fc6[0], fc7=self.fc7[0])

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        check_image_batch(images)
        height, width = images.shape[-2:]
        x = images
        if self.first_padding == 1:  # so that each enlargement is a doubling
            x = F.pad(x, (0, -width % 32, 0, -height % 32))
        pooled = []
        for stage in self.stages:
            x = self.pool(stage(x))  # (N, WIDTHS[k] * base_channels, H/2ᵏ, W/2ᵏ)
            pooled.append(x)
        logits = self.score_fc7(self.fc7(self.fc6(x)))  # (N, num_classes, H/32, W/32)
        for upsampling, score, stage in zip(
            self.upsamplings, self.score_skips, self.skip_stages, strict=False
        ):
            logits = upsampling(logits)  # (N, num_classes, 2h, 2w)
            skip = score(pooled[stage])
            logits = logits + _crop(skip, self._skip_offset(stage), logits.shape[-2:])
        with full_precision(logits.device):
            logits = self.upsamplings[-1](logits.to(images.dtype))
        return _crop(logits, self._image_offset, (height, width))

    @property
    def _image_offset(self) -> int:
        """First row and column of the image in the enlarged logits, in pixels.

        With ``first_padding`` p the first stage begins p - 1 pixels before the image;
        fc6, which keeps no border, begins three cells of 32 pixels later.
        """
        return 0 if self.first_padding == 1 else self.first_padding - 1 - 3 * 32

    def _skip_offset(self, stage: int) -> int:
        """Count the cells of a skip that lie before the logits' first cell."""
        return 0 if self.first_padding == 1 else 3 * 32 >> (stage + 1)


class FCN32s(FCN):
    """The coarsest form, with a single enlargement by 32."""


class FCN16s(FCN):
    """The form that adds the scores of pool4; its last enlargement is by 16."""

    skip_stages = (3,)


class FCN8s(FCN):
    """The form that adds the scores of pool4 and pool3, then enlarges by 8."""

    skip_stages = (3, 2)
