"""Make a model of the course by its name."""

from collections.abc import Callable
from pathlib import Path

from torch import nn

from course_utils.models.deconvnet import DeconvNet
from course_utils.models.deeplab_v1 import DeepLabV1
from course_utils.models.dilatednet import DilatedNet
from course_utils.models.fcn import FCN8s, FCN16s, FCN32s
from course_utils.models.segnet import SegNet

_MODELS: dict[str, Callable[..., nn.Module]] = {
    "fcn32s": FCN32s,
    "fcn16s": FCN16s,
    "fcn8s": FCN8s,
    "deconvnet": DeconvNet,
    "segnet": SegNet,
    "deeplab_v1": DeepLabV1,
    "dilatednet": DilatedNet,
}
MODEL_NAMES = tuple(_MODELS)
"""The names that ``create_model`` knows."""


def create_model(
    name: str,
    num_classes: int,
    *,
    base_channels: int = 64,
    batch_norm: bool | None = None,
    pretrained: str | Path | None = None,
) -> nn.Module:
    """Make a model: (N, 3, H, W), normalized, to logits (N, num_classes, H, W).

    Args:
        name: one of ``MODEL_NAMES``.
        num_classes: channels of the logits.
        base_channels: width of the first stage; 64 in the papers.
        batch_norm: whether to normalize; by default as in the paper. Training from
            scratch needs it everywhere.
        pretrained: weights to start from, see ``vgg16.load_vgg16``.

    Raises:
        ValueError: there is no such model, or the weights can't fit it.
    """
    if name not in _MODELS:
        raise ValueError(
            f"the model must be one of {', '.join(MODEL_NAMES)}, got {name!r}"
        )
    options = {} if batch_norm is None else {"batch_norm": batch_norm}
    return _MODELS[name](
        num_classes, base_channels=base_channels, pretrained=pretrained, **options
    )
