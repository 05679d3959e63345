"""Make a model of the course by its name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch import nn

from course_utils.arguments import TEXT, checked, number, optional
from course_utils.models.blocks import MODEL_RULES
from course_utils.models.deconvnet import DeconvNet
from course_utils.models.deeplab_v1 import DeepLabV1
from course_utils.models.dilatednet import DilatedNet
from course_utils.models.fc_densenet import (
    fc_densenet56,
    fc_densenet67,
    fc_densenet103,
)
from course_utils.models.fcn import FCN8s, FCN16s, FCN32s
from course_utils.models.segnet import SegNet
from course_utils.models.unet import UNet

_MODELS: dict[str, Callable[..., nn.Module]] = {
    "fcn32s": FCN32s,
    "fcn16s": FCN16s,
    "fcn8s": FCN8s,
    "deconvnet": DeconvNet,
    "segnet": SegNet,
    "unet": UNet,
    "fc_densenet56": fc_densenet56,
    "fc_densenet67": fc_densenet67,
    "fc_densenet103": fc_densenet103,
    "deeplab_v1": DeepLabV1,
    "dilatednet": DilatedNet,
}
_DENSE = {"fc_densenet56", "fc_densenet67", "fc_densenet103"}
_WITHOUT_VGG16 = {"unet", *_DENSE}
MODEL_NAMES = tuple(_MODELS)
"""Names that ``create_model`` knows."""


def stands_on_vgg16(name: str) -> bool:
    """Tell whether VGG16's weights fit into the model of this name."""
    return name not in _WITHOUT_VGG16


@checked(
    **MODEL_RULES | {"batch_norm": optional(MODEL_RULES["batch_norm"])},
    name=TEXT,
    dropout=optional(number(0, below=1)),
)
def create_model(
    name: str,
    num_classes: int,
    *,
    base_channels: int = 64,
    batch_norm: bool | None = None,
    dropout: float | None = None,
    pretrained: str | Path | None = None,
) -> nn.Module:
    """Make a model: (N, 3, H, W), normalized, to logits (N, num_classes, H, W).

    Args:
        name: One of ``MODEL_NAMES``.
        num_classes: Channels of the logits.
        base_channels: Width of the first stage; 64 in the papers.
        batch_norm: Whether to normalize; by default as in the paper. Training from
            scratch always needs it, and FC-DenseNet always does it.
        dropout: Proportion of the outputs that FC-DenseNet's layers drop in training;
            by default as in the paper. Must be None for other models.
        pretrained: "imagenet" or a file to start from, see ``vgg16.load_vgg16``; must
            be None for models that do not stand on VGG16.

    Raises:
        ValueError: The name is unknown, or the model does not take these arguments.
    """
    if name not in _MODELS:
        raise ValueError(
            f"the model must be one of {', '.join(MODEL_NAMES)}, got {name!r}"
        )
    options: dict[str, Any] = {}
    if name in _DENSE:
        if batch_norm is False:
            raise ValueError(f"{name} always normalizes; leave batch_norm=None")
        if dropout is not None:
            options["dropout"] = dropout
    elif name == "unet":  # whose class defaults to the form that the course trains
        options["batch_norm"] = bool(batch_norm)
    elif batch_norm is not None:
        options["batch_norm"] = batch_norm
    if dropout is not None and name not in _DENSE:
        raise ValueError(
            f"only {', '.join(sorted(_DENSE))} take a dropout, got {name}; leave "
            "dropout=None"
        )
    if stands_on_vgg16(name):
        options["pretrained"] = pretrained
    elif pretrained is not None:
        raise ValueError(
            f"{name} has no convolutions of VGG16, so the weights {pretrained} do not "
            "fit; leave pretrained=None"
        )
    return _MODELS[name](num_classes, base_channels=base_channels, **options)
