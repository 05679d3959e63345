"""DeconvNet: a mirrored VGG16 that unpools with the encoder's indices.

Source: Noh, Hong and Han, 2015, arXiv:1505.04366, and the authors' prototxts. Unlike
there, images need not be 224×224 crops around an object proposal, pool5 is padded to
7×7 cells where it is smaller, and deconvolutions and scores start from He's
initialization instead of a standard deviation of 0.01.
"""

from itertools import pairwise
from pathlib import Path

import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.arguments import FLAG, checked, whole
from course_utils.models.blocks import (
    CHANNELS,
    MODEL_RULES,
    Unpool,
    check_image_batch,
    check_maps,
    conv_relu,
    full_precision,
)
from course_utils.models.vgg16 import (
    DEPTHS,
    WIDTHS,
    load_vgg16,
    vgg16_stages,
)

_FC6_SIZE = 7
"""Side of fc6's kernel, in cells of pool5; it covers an image of 224 pixels."""


@checked(**CHANNELS, kernel_size=whole(1), padding=whole(0), batch_norm=FLAG)
def deconv_relu(
    in_channels: int,
    out_channels: int,
    kernel_size: int = 3,
    *,
    padding: int = 0,
    batch_norm: bool = True,
) -> list[nn.Module]:
    """List a transposed convolution of stride 1, batch normalization and ReLU.

    H and W grow by kernel_size - 1 - 2·padding. He's initialization counts the inputs
    of an output cell, which torch calls the fan-out of a transposed convolution.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        kernel_size: Side of the kernel.
        padding: Cells removed from every side of the output.
        batch_norm: Whether to normalize before the ReLU.
    """
    deconv = nn.ConvTranspose2d(in_channels, out_channels, kernel_size, padding=padding)
    nn.init.kaiming_normal_(deconv.weight, mode="fan_out", nonlinearity="relu")
    nn.init.zeros_(deconv.bias)
    norm = [nn.BatchNorm2d(out_channels)] if batch_norm else []
    return [deconv, *norm, nn.ReLU(inplace=True)]


class DeconvBlock(nn.Module):
    """One stage of the decoder: unpool, then fill in with transposed convolutions.

    Built in notebook 02 (exercise 2.2).

    Shape: x and indices (N, in_channels, h, w), to (N, out_channels, H, W) with (H, W)
    the ``output_size``.

    Args:
        in_channels: Channels of the input, and of all layers but the last.
        out_channels: Channels of the last layer.
        num_layers: Number of 3×3 transposed convolutions of stride 1, each with ReLU.
        batch_norm: Whether to normalize before each ReLU, as in the paper.
    """

    @checked(**CHANNELS, num_layers=whole(1), batch_norm=FLAG)
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        num_layers: int,
        *,
        batch_norm: bool = True,
    ) -> None:
        super().__init__()
        self.in_channels, self.unpool = in_channels, Unpool()
        widths = [in_channels] * num_layers + [out_channels]
        layers = [
            layer
            for before, after in pairwise(widths)
            for layer in deconv_relu(before, after, padding=1, batch_norm=batch_norm)
        ]
        self.deconvs = nn.Sequential(*layers)

    def forward(
        self, x: Tensor, indices: Tensor, output_size: tuple[int, int]
    ) -> Tensor:
        """Unpool ``x`` to ``output_size`` and fill it in."""
        check_maps("x", x, self.in_channels)
        x = self.unpool(x, indices, output_size)  # (N, in_channels, H, W), sparse
        return self.deconvs(x)  # (N, out_channels, H, W)


class DeconvNet(nn.Module):
    """VGG16, two fully connected layers as convolutions, and the way back up.

    Every pool keeps the indices of its maxima, with which the matching stage of the
    decoder unpools to the size before the pool. A cell of fc7 sees the whole of an
    image of up to 224×224 pixels, and a window of a larger one.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Attributes:
        stages: The encoder's five stages, from the image down.
        fc6: 7×7 convolution without padding.
        fc7: 1×1 convolution.
        fc6_deconv: 7×7 transposed convolution, back to the size of pool5.
        decoder: Five ``DeconvBlock`` modules (``unpool``, ``deconvs``), deepest first.
        score: 1×1 convolution.

    Args:
        num_classes: Channels of the logits.
        base_channels: Width of the first stage, 64 in the paper; all other widths are
            multiples of it, fc6 and fc7 included.
        batch_norm: Whether to normalize after every layer but the score, as in the
            paper.
        pretrained: "imagenet" or a file, see ``vgg16.load_vgg16``; needs 64 base
            channels.

    Raises:
        ValueError: The weights do not fit.
    """

    @checked(**MODEL_RULES)
    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int = 64,
        batch_norm: bool = True,
        pretrained: str | Path | None = None,
    ) -> None:
        super().__init__()
        self.stages = vgg16_stages(base_channels, batch_norm=batch_norm)
        self.pool = nn.MaxPool2d(2, ceil_mode=True, return_indices=True)
        deep, wide = WIDTHS[-1] * base_channels, 64 * base_channels  # 512 and 4096
        norm = {"batch_norm": batch_norm}
        self.fc6 = nn.Sequential(*conv_relu(deep, wide, _FC6_SIZE, padding=0, **norm))
        self.fc7 = nn.Sequential(*conv_relu(wide, wide, 1, **norm))
        self.fc6_deconv = nn.Sequential(*deconv_relu(wide, deep, _FC6_SIZE, **norm))
        # A stage passes on as many channels as the pool of the next one had
        shapes = list(zip(WIDTHS, (WIDTHS[0], *WIDTHS), DEPTHS, strict=False))
        self.decoder = nn.ModuleList(
            DeconvBlock(before * base_channels, after * base_channels, n, **norm)
            for before, after, n in reversed(shapes)
        )
        self.score = nn.Conv2d(base_channels, num_classes, 1)
        # It has few inputs: from the authors' 0.01, logits would grow too slowly
        nn.init.kaiming_normal_(self.score.weight, nonlinearity="linear")
        nn.init.zeros_(self.score.bias)
        load_vgg16(self.stages, pretrained, fc6=self.fc6[0], fc7=self.fc7[0])

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images.

        Raises:
            ValueError: The images do not fit, or there is a single one of up to 224×224
                pixels in training, too few values for batch normalization.
        """
        check_image_batch(images)
        self._check_enough_values(images)
        x, indices, sizes = self.encode(images)
        x = self.bottleneck(x)  # (N, 8 * base_channels, H/32, W/32)
        for block, index, size in zip(
            self.decoder, reversed(indices), reversed(sizes), strict=True
        ):
            x = block(x, index, size)  # up to (N, base_channels, H, W)
        with full_precision(x.device):
            return self.score(x.to(images.dtype))  # (N, num_classes, H, W)

    def encode(
        self, images: Tensor
    ) -> tuple[Tensor, list[Tensor], list[tuple[int, int]]]:
        """Compute pool5, and each pool's indices and input size, first pool first."""
        x, indices, sizes = images, [], []
        for stage in self.stages:
            x = stage(x)
            height, width = x.shape[-2:]
            sizes.append((height, width))
            x, index = self.pool(x)  # halved, rounding up
            indices.append(index)
        return x, indices, sizes

    def bottleneck(self, pool5: Tensor) -> Tensor:
        """Take pool5 through fc6, fc7 and back, to a map of the same size.

        Below 7×7 cells it is padded with zeros at the bottom and right, then cropped.
        """
        height, width = pool5.shape[-2:]
        missing = (0, max(0, _FC6_SIZE - width), 0, max(0, _FC6_SIZE - height))
        x = self.fc6(F.pad(pool5, missing))  # (N, 64 * base_channels, h - 6, w - 6)
        return self.fc6_deconv(self.fc7(x))[..., :height, :width]

    def _check_enough_values(self, images: Tensor) -> None:
        """Refuse a batch too small for the batch normalization after fc6."""
        norms = [m for m in self.fc6.modules() if isinstance(m, nn.BatchNorm2d)]
        height, width = images.shape[-2:]
        is_one_cell = len(images) == 1 and max(height, width) <= 32 * _FC6_SIZE
        if is_one_cell and any(norm.training for norm in norms):
            raise ValueError(
                "in training, batch normalization needs more than one value per "
                f"channel, but one image of {height}×{width} pixels leaves fc6 a 1×1 "
                "map; take more (drop_last=True in the DataLoader), or model.eval()"
            )
