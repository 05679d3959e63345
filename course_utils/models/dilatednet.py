"""DilatedNet: VGG16 without its last strides, and a context module on its logits.

Source: Yu and Koltun, 2016, arXiv:1511.07122, and the authors' prototxts.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.arguments import (
    CLASSES,
    FLAG,
    TEXT,
    a,
    checked,
    optional,
    tensor,
    whole,
)
from course_utils.models.blocks import (
    MODEL_RULES,
    check_image_batch,
    check_maps,
    conv_relu,
    upsample_bilinear,
)
from course_utils.models.vgg16 import (
    WIDTHS,
    fc_layers,
    load_vgg16,
    vgg16_stages,
)

_MARGIN = 186
"""Pixels of the image that a front-end cell sees beyond its own 8, on either side."""
DILATIONS = (1, 1, 2, 4, 8, 16, 1)
"""Dilations of the 3×3 layers of the context module."""
_CONSTANT = 10.0
"""Constant that a DilatedNet adds to all logits before its context module."""
_LARGE_WIDTHS = (2, 2, 4, 8, 16, 32, 32)
"""Output channels of these layers in the large form, in multiples of the classes."""


@checked(image=tensor("N C H W", "any"), padding=whole())
def reflect_pad(image: Tensor, padding: int) -> Tensor:
    """Continue an image on every side as its mirror image.

    Built in notebook 06 (exercise 6.4). The outermost pixels are not repeated; padding
    wider than the image is reflected again at the opposite side. Equals
    ``numpy.pad(mode="reflect")``; ``F.pad`` refuses padding as wide as the image.

    Shape: (N, C, H, W) to (N, C, H + 2·padding, W + 2·padding).

    Raises:
        ValueError: ``padding`` is negative.
    """
    if padding < 0:
        raise ValueError(f"padding must be 0 or more pixels, got {padding}")
    rows, columns = (
        _reflected(side, padding, image.device) for side in image.shape[-2:]
    )
    return image[..., rows[:, None], columns]


def _reflected(side: int, padding: int, device: torch.device) -> Tensor:
    """Number the pixels of one side, there and back again, from -padding on."""
    period = max(1, 2 * (side - 1))  # a side of one pixel is repeated
    places = torch.arange(-padding, side + padding, device=device) % period
    return torch.minimum(places, period - places)


@checked(conv=a("Conv2d"))
def identity_init_(conv: nn.Conv2d) -> None:
    """Make a convolution return its input: 1 at the middle tap of its own channel.

    Built in notebook 06 (exercise 6.2). The bias becomes 0.

    Raises:
        ValueError: Input and output channels differ, the kernel has no middle tap, or
            the convolution has groups.
    """
    sides = conv.kernel_size
    if conv.in_channels != conv.out_channels or conv.groups != 1:
        raise ValueError(
            "a convolution can be the identity if it has as many output as input "
            f"channels and no groups, got {conv}"
        )
    if not all(side % 2 for side in sides):
        raise ValueError(f"kernel_size must be odd to have a middle, got {sides}")
    nn.init.dirac_(conv.weight)
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)


class ContextModule(nn.Module):
    """Seven dilated 3×3 layers, through which a cell sees 67×67 cells of logits.

    It starts as the identity, except for what its ReLUs cut off: everything negative.
    Add a constant to the logits first; the softmax does not see it. Built in notebook
    06 (exercise 6.3).

    Shape: (N, num_classes, h, w) to the same.

    Source: Table 1 and section 3 of the paper. Unlike there, the noise that tells the
    large form's channels apart is 1 % of a weight, and each of its layers is padded
    (the authors pad the logits once, by 33).

    Args:
        num_classes: Channels of the input and output.
        large: Whether to widen to 32 channels per class; otherwise every layer has one.
    """

    @checked(num_classes=CLASSES, large=FLAG)
    def __init__(self, num_classes: int, large: bool = False) -> None:
        super().__init__()
        widths = [(k if large else 1) * num_classes for k in _LARGE_WIDTHS]
        layers: list[nn.Module] = []
        for in_channels, out_channels, dilation in zip(
            [num_classes, *widths], widths, DILATIONS, strict=False
        ):
            layers += conv_relu(in_channels, out_channels, dilation=dilation)
        layers.append(nn.Conv2d(widths[-1], num_classes, 1))
        self.layers = nn.Sequential(*layers)
        for layer in self.layers[::2]:  # every other one is a ReLU
            if large:
                _grouped_identity_init_(layer, num_classes)
            else:
                identity_init_(layer)

    def forward(self, logits: Tensor) -> Tensor:
        """Refine the logits of a batch."""
        check_maps("logits", logits, self.layers[0].in_channels)
        return self.layers(logits)


@torch.no_grad()
def _grouped_identity_init_(conv: nn.Conv2d, num_classes: int) -> None:
    """Pass every class on to its own output channels, which lie side by side."""
    inputs, outputs = conv.in_channels // num_classes, conv.out_channels // num_classes
    value = 1 / outputs  # of the paper's C / c_out
    nn.init.normal_(conv.weight, std=0.01 * value)
    nn.init.zeros_(conv.bias)
    classes = torch.eye(num_classes, device=conv.weight.device)
    same = classes.repeat_interleave(outputs, 0).repeat_interleave(inputs, 1)
    conv.weight[..., conv.kernel_size[0] // 2, conv.kernel_size[1] // 2] += value * same


_FRONT_END_RULES = {
    **MODEL_RULES,
    "hidden_channels": optional(whole(1)),
    "padding": TEXT,
}


class FrontEnd(nn.Module):
    """VGG16 without pool4 and pool5, and with dilation in the layers after them.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H/8, W/8),
    rounded up; cell k lies on the pixels 8k to 8k + 7.

    Unlike in the paper, by default: every convolution is padded with zeros, and H and W
    are padded with zeros to multiples of 8.

    Args:
        num_classes: Channels of the logits.
        base_channels: Width of the first stage, 64 in the paper; all other widths are
            multiples of it, fc6 and fc7 included.
        batch_norm: Whether to normalize after every convolution but the score; the
            paper does not, but training from scratch needs it.
        hidden_channels: Width of fc6 and fc7; 64 times the first stage's by default.
        padding: "zeros", or "reflect" for the paper's form: no convolution is padded,
            and the image is continued by reflection, 186 pixels on every side.
        pretrained: "imagenet" or a file, see ``vgg16.load_vgg16``; needs 64 base
            channels.

    Raises:
        ValueError: ``padding`` is neither, or the weights do not fit.
    """

    @checked(**_FRONT_END_RULES)
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
        self.padding = padding
        width = hidden_channels or 64 * base_channels  # 4096 in the paper
        self.stages = vgg16_stages(
            base_channels, batch_norm=batch_norm, last_dilation=2
        )
        self.pool = nn.MaxPool2d(2)
        self.fc6, self.fc7 = fc_layers(
            WIDTHS[-1] * base_channels, width, dilation=4, batch_norm=batch_norm
        )
        self.score = nn.Conv2d(width, num_classes, 1)
        nn.init.normal_(self.score.weight, std=0.001)
        nn.init.zeros_(self.score.bias)
        if padding == "reflect":
            for layer in self.modules():
                if isinstance(layer, nn.Conv2d):
                    layer.padding = (0, 0)
        load_vgg16(self.stages, pretrained, fc6=self.fc6[0], fc7=self.fc7[0])

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images, one cell for every 8 pixels."""
        check_image_batch(images)
        bottom, right = (-side % 8 for side in images.shape[-2:])
        if self.padding == "reflect":
            x = reflect_pad(images, _MARGIN + 7)
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
    bilinear kernel is frozen. ``blocks.upsample_bilinear`` computes the same, faster,
    except within 4 pixels of the border, where theirs fades out.

    Front-end and context module can be trained together, from random weights too. Two
    things must be right for that. The scores begin with a bias of 10, so that the
    context module's ReLUs let all logits and gradients through; with 0 or 1, whole
    classes die and are never predicted. And the context module's layers, which begin as
    the identity, must not be moved by Muon, which would soon turn them away from it:
    ``training.make_optimizer`` leaves them to AdamW.

    Shape: (N, 3, H, W), normalized, H and W ≥ 32, to logits (N, num_classes, H, W).

    Args:
        num_classes: Channels of the logits. The other arguments are ``FrontEnd``'s,
            except:
        batch_norm: Whether the front-end normalizes; in the context module, it would
            undo the initialization.
        context: "basic", "large", or None for the front-end alone.
        padding: Padding of the front-end; the context module is padded with zeros.

    Raises:
        ValueError: ``context`` is none of these, or ``FrontEnd`` raises it.
    """

    @checked(**_FRONT_END_RULES, context=optional(TEXT))
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
            nn.init.constant_(self.front_end.score.bias, _CONSTANT)

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        check_image_batch(images)
        height, width = images.shape[-2:]
        logits = self.context(self.front_end(images))  # (N, num_classes, H/8, W/8)
        rows, columns = logits.shape[-2:]
        return upsample_bilinear(logits, (8 * rows, 8 * columns))[..., :height, :width]
