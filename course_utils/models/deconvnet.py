"""DeconvNet: a mirrored VGG16 that unpools with the encoder's indices.

Source: Noh, Hong and Han, 2015, arXiv:1505.04366, and the authors' prototxts. Unlike
there, images need not be 224×224 crops around an object proposal, deconvolutions start
from He's initialization, and pool5 is filled up to 7×7 cells where it is smaller.
"""

from pathlib import Path

import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.models.blocks import (
    Unpool,
    check_image_batch,
    conv_relu,
    full_precision,
)
from course_utils.models.vgg16 import DEPTHS, WIDTHS, load_vgg16, vgg16_stages

FC6_SIZE = 7
"""Side of the kernel of fc6, cells of pool5: all of it in an image of 224 pixels."""


class DeconvBlock(nn.Module):
    """One stage of the decoder: unpool, then fill up by transposed convolutions.

    Built in notebook 02 (exercise 2.2).

    Shape: x and indices (N, in_channels, h, w), to (N, out_channels, H, W) with (H, W)
    the ``output_size``.

    Args:
        in_channels: channels of the input, and of all layers but the last.
        out_channels: channels of the last layer.
        num_layers: transposed convolutions, 3×3 and of stride 1, each with ReLU.
        batch_norm: normalize before each ReLU, as in the paper.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        num_layers: int,
        *,
        batch_norm: bool = True,
    ) -> None:
        super().__init__()
        self.unpool = Unpool()
        layers: list[nn.Module] = []
        for k in range(num_layers):
            last = k == num_layers - 1
            layers += deconv_relu(
                in_channels,
                out_channels if last else in_channels,
                padding=1,
                batch_norm=batch_norm,
            )
        self.deconvs = nn.Sequential(*layers)

    def forward(
        self, x: Tensor, indices: Tensor, output_size: tuple[int, int]
    ) -> Tensor:
        """Unpool ``x`` to ``output_size`` and fill it up."""
        x = self.unpool(x, indices, output_size)  # (N, in_channels, H, W), sparse
        return self.deconvs(x)  # (N, out_channels, H, W)


class DeconvNet(nn.Module):
    """VGG16, two fully connected layers as convolutions, and the way back up.

    Every pool keeps the indices of its maxima, and the stage of the decoder that
    answers it unpools with them, to the size that was pooled. An output cell of fc7
    sees the whole image up to 224×224 pixels; larger images it sees in windows.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Attributes:
        stages: the encoder's five stages, from the image down.
        fc6: 7×7 convolution without padding.
        fc7: 1×1 convolution.
        fc6_deconv: 7×7 transposed convolution, back to the size of pool5.
        decoder: five ``DeconvBlock``, from the deepest stage up, each with the parts
            ``unpool`` and ``deconvs``.
        score: 1×1 convolution.

    Args:
        num_classes: channels of the logits.
        base_channels: width of the first stage; 64 in the paper. All others, fc6 and
            fc7 included, are multiples of it.
        batch_norm: normalize after every layer but the scores, as in the paper.
        pretrained: "imagenet" or a file, see ``vgg16.load_vgg16``; needs 64 base
            channels.

    Raises:
        ValueError: weights can't fit.
    """

    def __init__(
        self,
        num_classes: int,
        *,
        base_channels: int = 64,
        batch_norm: bool = True,
        pretrained: str | Path | None = None,
    ) -> None:
        super().__init__()
        if pretrained is not None and base_channels != 64:
            raise ValueError(
                "pretrained weights need base_channels=64, got "
                f"{base_channels}; leave pretrained=None"
            )
        self.stages = vgg16_stages(base_channels, batch_norm=batch_norm)
        self.pool = nn.MaxPool2d(2, ceil_mode=True, return_indices=True)
        deep, wide = WIDTHS[-1] * base_channels, 64 * base_channels  # 512 and 4096
        self.fc6 = nn.Sequential(
            *conv_relu(deep, wide, FC6_SIZE, padding=0, batch_norm=batch_norm)
        )
        self.fc7 = nn.Sequential(*conv_relu(wide, wide, 1, batch_norm=batch_norm))
        self.fc6_deconv = nn.Sequential(
            *deconv_relu(wide, deep, FC6_SIZE, batch_norm=batch_norm)
        )
        # A stage hands the next one as many channels as that one's pool had
        outputs = (WIDTHS[0], *WIDTHS)
        self.decoder = nn.ModuleList(
            DeconvBlock(
                WIDTHS[k] * base_channels,
                outputs[k] * base_channels,
                DEPTHS[k],
                batch_norm=batch_norm,
            )
            for k in reversed(range(len(WIDTHS)))
        )
        self.score = nn.Conv2d(base_channels, num_classes, 1)
        nn.init.normal_(self.score.weight, std=0.01)
        nn.init.zeros_(self.score.bias)
        if pretrained is not None:
            load_vgg16(self.stages, pretrained, fc6=self.fc6[0], fc7=self.fc7[0])

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images.

        Raises:
            TypeError, ValueError: the images do not fit, see ``check_image_batch``, or
                it is one image of up to 224×224 pixels in training: batch normalization
                then meets a single value per channel.
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
        """Compute pool5, and of each pool its indices and the size that entered it.

        The lists run from the first pool to the fifth.
        """
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

        A map below 7×7 cells is filled up with zeros at the bottom and right, so that
        fc6 has a place, and cut again behind.
        """
        height, width = pool5.shape[-2:]
        missing = (0, max(0, FC6_SIZE - width), 0, max(0, FC6_SIZE - height))
        x = self.fc6(F.pad(pool5, missing))  # (N, 64 * base_channels, h - 6, w - 6)
        return self.fc6_deconv(self.fc7(x))[..., :height, :width]

    def _check_enough_values(self, images: Tensor) -> None:
        """Refuse what batch normalization behind fc6 can't take."""
        norms = (m for m in self.fc6 if isinstance(m, nn.BatchNorm2d))
        uses_batch = any(norm.training for norm in norms)
        height, width = images.shape[-2:]
        if uses_batch and len(images) == 1 and max(height, width) <= 32 * FC6_SIZE:
            raise ValueError(
                "in training, batch normalization needs more than one value per "
                f"channel, but one image of {height}×{width} pixels leaves fc6 a 1×1 "
                "map; take two or more images (drop_last=True in the DataLoader), or "
                "call model.eval() first"
            )


def deconv_relu(
    in_channels: int,
    out_channels: int,
    kernel_size: int = 3,
    *,
    padding: int = 0,
    batch_norm: bool = True,
) -> list[nn.Module]:
    """List a transposed convolution of stride 1, batch normalization and ReLU.

    H and W grow by kernel_size - 1 - 2·padding. The layers are those of
    ``blocks.conv_relu`` otherwise; He's initialization counts the inputs of an output
    cell, which in a transposed convolution torch calls fan-out.
    """
    deconv = nn.ConvTranspose2d(in_channels, out_channels, kernel_size, padding=padding)
    nn.init.kaiming_normal_(deconv.weight, mode="fan_out", nonlinearity="relu")
    nn.init.zeros_(deconv.bias)
    norm = [nn.BatchNorm2d(out_channels)] if batch_norm else []
    return [deconv, *norm, nn.ReLU(inplace=True)]
