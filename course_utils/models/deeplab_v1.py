"""DeepLab v1: VGG16 with dilation instead of its last strides, and a large field.

Source: Chen, Papandreou, Kokkinos, Murphy and Yuille, 2015, arXiv:1412.7062, and the
prototxt of the released model DeepLab-LargeFOV. Unlike there, the logits are enlarged
inside the model, and the loss is taken at the size of the image. The CRF of the paper
is in ``course_utils.crf``.
"""

from pathlib import Path

from torch import Tensor, nn

from course_utils.arguments import FLAG, checked, optional, whole
from course_utils.models.blocks import (
    MODEL_RULES,
    check_image_batch,
    upsample_bilinear,
)
from course_utils.models.vgg16 import (
    WIDTHS,
    fc_layers,
    load_vgg16,
    vgg16_stages,
)


def _pools(pool_size: int, *, is_coarse: bool) -> nn.ModuleList:
    """Make the five pools; pool4 and pool5 have a stride only if ``is_coarse``.

    Pools with a stride round up, as Caffe's do, so that no row of the image is lost.
    """
    padding = pool_size // 3  # 1 around the odd pool, which then keeps its middle
    pools: list[nn.Module] = [
        nn.MaxPool2d(pool_size, 2, padding=padding, ceil_mode=True)
        for _ in range(5 if is_coarse else 3)
    ]
    for sides in [] if is_coarse else ((1, 0, 1, 0), (0, 1, 0, 1)):
        if pool_size == 3:
            pools.append(nn.MaxPool2d(3, 1, padding=1))
        else:  # pool4 moves the cells half a cell back, pool5 half a cell forth
            fill = nn.ZeroPad2d(sides)  # after a ReLU, 0 never wins
            pools.append(nn.Sequential(fill, nn.MaxPool2d(2, 1)))
    return nn.ModuleList(pools)


class DeepLabV1(nn.Module):
    """DeepLab v1, by default in its LargeFOV form, with a cell for every 8 pixels.

    Cells lie at the pixels 8i, in the middle of the odd pools, so the first cell is on
    the first pixel. That is why an image of 8k+1 pixels has k+1 cells, the last one on
    its last pixel, and why the enlargement aligns corners: otherwise the logits would
    shift by up to 3.5 pixels. Images of other sizes get one more cell, on or beyond
    their last pixel, and what lies outside is cropped. With pools of 2 the cells lie
    between pixels, at 8i + 3.5, and corners must not be aligned.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Args:
        num_classes: Channels of the logits.
        base_channels: Width of the first stage, 64 in the paper; all other widths are
            multiples of it, fc6 and fc7 included.
        batch_norm: Whether to normalize after every convolution but the score; the
            paper does not, but training from scratch needs it.
        kernel_size: Side of fc6's kernel. The paper compares 7 with dilation 4, 4 with
            4, 4 with 8, and 3 with 12, which is LargeFOV.
        dilation: Dilation of fc6.
        hidden_channels: Width of fc6 and fc7; by default the paper's, which is 1024 for
            LargeFOV's kernel of 3 and VGG16's 4096 for the others.
        pool_size: Side of the pools: 3 as in the released model, or 2 as in VGG16.
        average_pool: Whether a 3×3 average follows pool5, as in the released model.
        output_stride: Output stride: 8, or 32 with VGG16's strides in pool4 and pool5.
        conv5_dilation: Dilation of the fifth stage; 2 makes up for pool4's stride.
        pretrained: "imagenet" or a file, see ``vgg16.load_vgg16``; needs 64 base
            channels. Of VGG16's fc6 and fc7, evenly spaced taps and channels are kept.

    Raises:
        ValueError: ``pool_size`` or ``output_stride`` is another number, fc6 has no
            middle, or the weights do not fit.
    """

    @checked(
        **MODEL_RULES,
        kernel_size=whole(1),
        dilation=whole(1),
        hidden_channels=optional(whole(1)),
        pool_size=whole(),
        average_pool=FLAG,
        output_stride=whole(),
        conv5_dilation=whole(1),
    )
    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int = 64,
        batch_norm: bool = False,
        kernel_size: int = 3,
        dilation: int = 12,
        hidden_channels: int | None = None,
        pool_size: int = 3,
        average_pool: bool = True,
        output_stride: int = 8,
        conv5_dilation: int = 2,
        pretrained: str | Path | None = None,
    ) -> None:
        super().__init__()
        if pool_size not in (2, 3) or output_stride not in (8, 32):
            raise ValueError(
                "pool_size must be 2 or 3 and output_stride 8 or 32, got "
                f"{pool_size} and {output_stride}"
            )
        if (kernel_size - 1) * dilation % 2:
            raise ValueError(
                "fc6 must reach as far to the left as to the right, got a kernel of "
                f"{kernel_size} with dilation {dilation}; take an odd kernel_size or "
                "an even dilation"
            )
        self.pool_size, self.output_stride = pool_size, output_stride
        self.stages = vgg16_stages(
            base_channels, batch_norm=batch_norm, last_dilation=conv5_dilation
        )
        self.pools = _pools(pool_size, is_coarse=output_stride == 32)
        self.average = nn.AvgPool2d(3, 1, padding=1) if average_pool else nn.Identity()
        multiple = 16 if kernel_size == 3 else 64
        width = hidden_channels or multiple * base_channels
        self.fc6, self.fc7 = fc_layers(
            WIDTHS[-1] * base_channels,
            width,
            kernel_size,
            dilation=dilation,
            batch_norm=batch_norm,
        )
        self.score = nn.Conv2d(width, num_classes, 1)
        nn.init.normal_(self.score.weight, std=0.01)
        nn.init.zeros_(self.score.bias)
        load_vgg16(self.stages, pretrained, fc6=self.fc6[0], fc7=self.fc7[0])

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        check_image_batch(images)
        x = images
        for stage, pool in zip(self.stages, self.pools, strict=True):
            x = pool(stage(x))  # (N, WIDTHS[k] * base_channels, H/2, W/2), then /4 …
        x = self.average(x)  # (N, 8 * base_channels, H/8, W/8)
        scores = self.score(self.fc7(self.fc6(x)))  # (N, num_classes, H/8, W/8)
        height, width = images.shape[-2:]
        return self._enlarge(scores)[..., :height, :width]

    def _enlarge(self, scores: Tensor) -> Tensor:
        """Interpolate between the cells, at least up to the image's last pixel."""
        rows, columns = scores.shape[-2:]
        if self.pool_size == 2:
            size = (self.output_stride * rows, self.output_stride * columns)
            return upsample_bilinear(scores, size)
        size = (
            self.output_stride * (rows - 1) + 1,
            self.output_stride * (columns - 1) + 1,
        )
        return upsample_bilinear(scores, size, align_corners=True)
