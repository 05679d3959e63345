"""Right values for notebook 06 by other means than a reader's, and typical wrong ones.

Each function is named after the exercise whose answers are compared with it.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


def footprint(dilations: list[int], kernel_size: int) -> tuple[int, float]:
    """Spread one lit cell with kernels of ones, and count what is lit."""
    lit = torch.ones(1, 1, 1, 1, dtype=torch.float64)
    kernel = torch.ones(1, 1, kernel_size, kernel_size, dtype=torch.float64)
    for dilation in dilations:
        lit = F.conv_transpose2d(lit, kernel, dilation=dilation).clamp(max=1)
    return lit.shape[-1], lit.mean().item()


def kernel_mistakes(right: Tensor) -> dict[str, Tensor]:
    """Make typical wrong kernels out of the right one."""
    channels, taps = range(len(right)), right[0, 0].numel()
    first, mean = torch.zeros_like(right), torch.zeros_like(right)
    first[channels, channels, 0, 0] = 1
    mean[channels, channels] = 1 / taps
    return {
        "Every output adds up all channels; let it draw on its own.": (
            right.amax(dim=(0, 1)).expand_as(right)
        ),
        "That is the first tap: the output is shifted.": first,
        "That is a mean over the taps: the output is blurred.": mean,
        "With zeros alone nothing comes through.": torch.zeros_like(right),
    }


def reflect_pad(image: Tensor, padding: int, mode: str = "reflect") -> Tensor:
    """Pad with NumPy, which goes on where a padding is wider than the image."""
    sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    return torch.from_numpy(np.pad(image.numpy(), sides, mode=mode))


def padding_mistakes(image: Tensor, padding: int) -> dict[str, Tensor]:
    """Make the typical wrong continuations of an image."""
    hints = {
        "symmetric": "There the outermost pixel is repeated; reflection skips it.",
        "edge": "That repeats the outermost pixel.",
        "wrap": "That goes on with the other side, as a tile does.",
        "constant": "Those are zeros: the network would see a frame.",
    }
    return {hint: reflect_pad(image, padding, mode) for mode, hint in hints.items()}


def context_module(
    layers: list[nn.Conv2d], logits: Tensor, *, relus: tuple[int, ...] = (1,) * 7 + (0,)
) -> Tensor:
    """Apply the layers to the logits; ``relus`` says after which a ReLU follows."""
    for layer, rectify in zip(layers, relus, strict=True):
        padding = layer.dilation[0] * (layer.kernel_size[0] // 2)
        logits = F.conv2d(logits, layer.weight, layer.bias, 1, padding, layer.dilation)
        logits = logits.relu() if rectify else logits
    return logits


def mended_dilatednet(
    logits: Tensor, size: tuple[int, int], **options: str | bool | None
) -> Tensor:
    """Enlarge by 8 and cut to ``size``; ``options`` make the typical mistakes."""
    options = {"mode": "bilinear", "align_corners": False} | options
    large = F.interpolate(logits, scale_factor=8, **options)
    return large[..., : size[0], : size[1]]
