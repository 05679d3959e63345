"""VGG16's layers, on which most models stand, and its weights.

Source: Simonyan and Zisserman, 2015, arXiv:1409.1556, configuration D.
"""

import re
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision.models import VGG16_Weights

from course_utils.arguments import (
    FLAG,
    PATH_OR_TEXT,
    a,
    checked,
    optional,
    whole,
)
from course_utils.files import is_read_error, require_checksums
from course_utils.models.blocks import conv_relu
from course_utils.settings import weights_choice

WIDTHS = (1, 2, 4, 8, 8)
"""Channels of the five stages, in multiples of the first one's 64."""
DEPTHS = (2, 2, 3, 3, 3)
"""Convolutions in each of the five stages."""
IMAGENET = VGG16_Weights.IMAGENET1K_V1
_FC_SIDES = {"classifier.0": 7, "classifier.3": 1}
"""Sides of the maps that fc6 and fc7 read, by their names in torchvision."""


@checked(
    base_channels=whole(1),
    batch_norm=FLAG,
    first_padding=whole(0),
    last_dilation=whole(1),
)
def vgg16_stages(
    base_channels: int = 64,
    *,
    batch_norm: bool = False,
    first_padding: int = 1,
    last_dilation: int = 1,
) -> nn.ModuleList:
    """Make the five stages of 3×3 convolutions and ReLUs, without the pools.

    Each stage keeps H and W (the first adds 2·(first_padding - 1) to both); a model
    puts its own pools between them. Stage k has ``base_channels * WIDTHS[k]`` channels.

    Args:
        base_channels: Width of the first stage.
        batch_norm: Whether to normalize before each ReLU.
        first_padding: Padding of the very first convolution.
        last_dilation: Dilation of the fifth stage, for a model whose pool4 has no
            stride.
    """
    stages, in_channels = nn.ModuleList(), 3
    for width, depth in zip(WIDTHS, DEPTHS, strict=True):
        layers: list[nn.Module] = []
        for _ in range(depth):
            layers += conv_relu(
                in_channels,
                width * base_channels,
                padding=first_padding if in_channels == 3 else None,
                dilation=last_dilation if len(stages) == 4 else 1,
                batch_norm=batch_norm,
            )
            in_channels = width * base_channels
        stages.append(nn.Sequential(*layers))
    return stages


def fc_layers(
    in_channels: int,
    width: int,
    kernel_size: int = 7,
    *,
    padding: int | None = None,
    dilation: int = 1,
    batch_norm: bool = False,
) -> tuple[nn.Sequential, nn.Sequential]:
    """Make fc6 and fc7 as convolutions, each with ReLU and dropout.

    Args:
        in_channels: Channels of the fifth stage.
        width: Channels of fc6 and fc7; 4096 in VGG16.
        kernel_size: Side of fc6's kernel; fc7's is 1.
        padding: Padding of fc6; by default it keeps H and W.
        dilation: Dilation of fc6.
        batch_norm: Whether to normalize before each ReLU.
    """
    layers = conv_relu(
        in_channels,
        width,
        kernel_size,
        padding=padding,
        dilation=dilation,
        batch_norm=batch_norm,
    )
    fc6 = nn.Sequential(*layers, nn.Dropout(0.5))
    fc7 = conv_relu(width, width, 1, batch_norm=batch_norm)
    return fc6, nn.Sequential(*fc7, nn.Dropout(0.5))


@checked(base_channels=whole(1))
def choose_weights(base_channels: int = 64) -> str | None:
    """Read ``COURSE_WEIGHTS`` and say in one line what training starts from.

    Args:
        base_channels: Width of the run's models; weights fit only 64.

    Returns:
        None (random initialization), "imagenet", or the path of a file.

    Raises:
        FileNotFoundError: ``COURSE_WEIGHTS`` names a file that does not exist.
    """
    choice = weights_choice()
    if base_channels != 64:
        print(f"weights: none (VGG16's fit base_channels=64, not {base_channels})")
        return None
    if choice == "":
        choice = "imagenet" if imagenet_file().is_file() else "none"
    if choice == "none":
        print("weights: none (COURSE_WEIGHTS=imagenet fetches VGG16's, 528 MB)")
        return None
    print(f"weights: {Path(choice).name}")
    return choice


@checked(
    stages=a("ModuleList", advice="make them with vgg16_stages"),
    pretrained=optional(PATH_OR_TEXT),
    fc6=optional(a("Conv2d")),
    fc7=optional(a("Conv2d")),
)
def load_vgg16(
    stages: nn.ModuleList,
    pretrained: str | Path | None,
    *,
    fc6: nn.Conv2d | None = None,
    fc7: nn.Conv2d | None = None,
) -> None:
    """Copy trained weights into VGG16's convolutions, in place.

    Args:
        stages: Stages from ``vgg16_stages`` with 64 base channels. Batch
            normalization, where present, is left as it is.
        pretrained: "imagenet" (torchvision's weights, downloaded once), or a file with
            torchvision's keys, with or without the prefix ``features.``, written by
            ``torch.save`` (never unpickled) or safetensors; None changes nothing.
        fc6: Convolution that takes ``classifier.0``, where the file has it: 7×7, or
            smaller, with evenly spaced taps and channels of it. A 3×3 kernel takes the
            first, middle and last tap of each row, which lie where its own do if it is
            dilated three times as far.
        fc7: 1×1 convolution that takes ``classifier.3`` in the same way.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, for a reason that says nothing of its content.
        ValueError: The file is damaged, a convolution is missing or has another shape,
            or a weight is not finite; no weight is changed.
    """
    if pretrained is None:
        return
    convs = [m for stage in stages for m in stage if isinstance(m, nn.Conv2d)]
    weights = _read_weights(pretrained, convs[0].out_channels)
    numbers = sorted(
        int(match[1]) for key in weights if (match := re.match(r"(\d+)\.weight", key))
    )
    if len(numbers) != len(convs):
        raise ValueError(
            f"{pretrained} must hold VGG16's {len(convs)} convolutions, found "
            f"{len(numbers)}: features {numbers}; save vgg16().features.state_dict()"
        )
    layers = {str(number): conv for number, conv in zip(numbers, convs, strict=True)}
    has_fc = {f"{key}.weight" for key in _FC_SIDES} <= weights.keys()
    if fc6 is not None and fc7 is not None and has_fc:
        layers |= zip(_FC_SIDES, (fc6, fc7), strict=True)
    values = _values_of(layers, weights, pretrained)
    with torch.no_grad():
        for parameter, value in values:
            parameter.copy_(value)
    if fc6 is not None:
        full = weights["classifier.0.weight"].numel() if has_fc else 0
        thinned = ", thinned out" * (fc6.weight.numel() < full)
        fc = f", fc6 and fc7{thinned}" if has_fc else "; not fc"
        print(f"pretrained: 13 convolutions{fc}")


def _values_of(
    layers: dict[str, nn.Conv2d], weights: dict[str, Tensor], source: str | Path
) -> list[tuple[nn.Parameter, Tensor]]:
    """Pair the parameters of every layer with what a file holds for them."""
    values = []
    for key, conv in layers.items():
        for name, parameter in conv.named_parameters():
            found = value = weights.get(f"{key}.{name}")
            if found is not None and key in _FC_SIDES:
                value = _thinned(found, parameter.shape, _FC_SIDES[key])
            if value is None or value.shape != parameter.shape:
                got = "nothing" if found is None else f"shape {tuple(found.shape)}"
                raise ValueError(
                    f"{source} must hold {key}.{name} of shape "
                    f"{tuple(parameter.shape)}, found {got}; is it VGG16, and "
                    "base_channels 64?"
                )
            if not value.isfinite().all():
                raise ValueError(
                    f"{source} must hold finite weights, but {key}.{name} holds nan or "
                    "infinity; fetch or save it again"
                )
            values.append((parameter, value))
    return values


def _thinned(found: Tensor, shape: torch.Size, side: int) -> Tensor:
    """Write a linear layer as a convolution, and keep evenly spaced taps and channels.

    A linear layer over a map of ``side`` rows is a convolution with such a kernel.
    """
    if found.dim() == 2 and found.shape[1] % side**2 == 0:
        found = found.unflatten(1, (-1, side, side))
    for axis, number in enumerate(shape[: found.dim()]):
        if number < found.shape[axis]:
            kept = torch.linspace(0, found.shape[axis] - 1, number).round().long()
            found = found.index_select(axis, kept)
    return found


def _read_weights(pretrained: str | Path, base_channels: int) -> dict[str, Tensor]:
    if str(pretrained) == "imagenet":
        if base_channels != 64:  # said before 528 MB are downloaded
            raise ValueError(
                f"pretrained weights need base_channels=64, got {base_channels}; leave "
                "pretrained=None"
            )
        require_imagenet()
        weights = IMAGENET.get_state_dict(progress=True, check_hash=True)
    elif not Path(pretrained).is_file():
        raise FileNotFoundError(
            f'{pretrained} must be an existing file of weights, or "imagenet"'
        )
    else:
        weights = _read_file(Path(pretrained))
    return {key.removeprefix("features."): value for key, value in weights.items()}


def imagenet_file() -> Path:
    """Name the file of torch's cache that holds torchvision's weights, if any does."""
    return Path(torch.hub.get_dir(), "checkpoints", Path(IMAGENET.url).name)


def require_imagenet() -> None:
    """Compare torchvision's weights in torch's cache with their checksum.

    torch.hub compares it after a download only.

    Raises:
        ValueError: The file is damaged.
        OSError: The file can't be read.
    """
    if (path := imagenet_file()).is_file():
        try:
            require_checksums(path)
        except ValueError as error:
            raise ValueError(
                f"{error}: the file is damaged; delete it, and it is downloaded again"
            ) from None


def _read_file(path: Path) -> dict[str, Tensor]:
    try:
        if not require_checksums(path):
            print(
                f"{path.name} has no checksum, so that damage would go unnoticed; to "
                f"add one: sha256sum {path.name} > {path.name}.sha256"
            )
        if path.suffix == ".safetensors":
            return load_file(path)
        weights = torch.load(path, map_location="cpu", weights_only=True)
        if not all(isinstance(value, Tensor) for value in weights.values()):
            raise TypeError("a state dict holds tensors")
        return dict(weights)
    except Exception as error:
        if is_read_error(error):
            raise
        raise ValueError(
            f"{path} must be a state dict written by torch.save or safetensors, and "
            f"can't be read ({_reason(error)}); fetch or save it again"
        ) from error


def _reason(error: Exception) -> str:
    return str(error) if type(error) is ValueError else type(error).__name__
