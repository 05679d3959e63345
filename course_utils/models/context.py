"""The context module of DilatedNet, a small net on the logits of another.

Source: Yu and Koltun, 2016, arXiv:1511.07122.
"""

import torch
from torch import Tensor, nn

from course_utils.models.blocks import conv_relu

DILATIONS = (1, 1, 2, 4, 8, 16, 1)
"""Of the 3×3 layers of the context module."""
LARGE = (2, 2, 4, 8, 16, 32, 32)
"""Their output channels in its large form, in multiples of the classes; basic has 1."""


class ContextModule(nn.Module):
    """Seven dilated 3×3 layers, through which a cell looks at 67×67 cells of logits.

    Begins as the identity, but for what the ReLUs cut off: a pixel all of whose logits
    are negative loses its prediction. Add a constant to the logits first; the softmax
    does not see it. Built in notebook 06 (exercise 6.3).

    Shape: (N, num_classes, h, w) to the same.

    Source: Table 1 and section 3 of the paper. Unlike there, the noise that sets apart
    the channels of the large form is 1 % of a weight, and each of its layers is padded
    (the authors pad the logits once, by 33).

    Args:
        num_classes: channels of the input and output.
        large: widen to 32 channels a class on the way; otherwise all layers have one.
    """

    def __init__(self, num_classes: int, large: bool = False) -> None:
        super().__init__()
        widths = [(k if large else 1) * num_classes for k in LARGE]
        layers: list[nn.Module] = []
        for in_channels, out_channels, dilation in zip(
            [num_classes, *widths], widths, DILATIONS, strict=False
        ):
            layers += conv_relu(in_channels, out_channels, dilation=dilation)
        layers.append(nn.Conv2d(widths[-1], num_classes, 1))
        self.layers = nn.Sequential(*layers)
        for layer in self.layers[::2]:  # every other one is a ReLU
            if large:
                _grouped_identity_(layer, num_classes)
            else:
                identity_init_(layer)

    def forward(self, logits: Tensor) -> Tensor:
        """Refine the logits of a batch."""
        return self.layers(logits)


@torch.no_grad()
def identity_init_(conv: nn.Conv2d) -> None:
    """Make a convolution return its input: 1 at the middle tap of its own channel.

    Built in notebook 06 (exercise 6.2). The bias becomes 0.

    Raises:
        ValueError: input and output channels differ, the kernel has no middle tap, or
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
    conv.weight.zero_()
    for channel in range(conv.out_channels):
        conv.weight[channel, channel, sides[0] // 2, sides[1] // 2] = 1
    if conv.bias is not None:
        conv.bias.zero_()


@torch.no_grad()
def _grouped_identity_(conv: nn.Conv2d, num_classes: int) -> None:
    """Hand every class on to its own output channels, which lie side by side."""
    inputs, outputs = conv.in_channels // num_classes, conv.out_channels // num_classes
    value = 1 / outputs  # of the paper's C / c_out
    nn.init.normal_(conv.weight, std=0.01 * value)
    nn.init.zeros_(conv.bias)
    classes = torch.eye(num_classes, device=conv.weight.device)
    same = classes.repeat_interleave(outputs, 0).repeat_interleave(inputs, 1)
    conv.weight[..., conv.kernel_size[0] // 2, conv.kernel_size[1] // 2] += value * same
