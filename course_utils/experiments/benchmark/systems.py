"""The ten systems of the benchmark, in the order of the course."""

from dataclasses import dataclass
from pathlib import Path

from torch import nn

from course_utils.arguments import (
    CLASSES,
    FLAG,
    NAME,
    PATH_OR_TEXT,
    TEXT,
    check_all,
    checked,
    one_of,
    optional,
    whole,
)
from course_utils.models.create import MODEL_NAMES, create_model

CRF = {
    "smoothness_weight": 0.5,
    "smoothness_std": 1.5,
    "appearance_weight": 4.0,
    "color_std": 5.0,
    "backend": "lattice",
}
"""Settings of the dense CRF, together with ``crf_position_std``.

Weight and color of the appearance kernel are those of the released DeepLab-LargeFOV,
whose lengths suit photographs of 500 pixels. Lengths and smoothness were chosen among
four settings, on six training scenes, for an ideal net of stride 8, and were not tuned
again for a real net or other images.
"""


@dataclass(frozen=True)
class Published:
    """A mean IoU that the authors of a system report.

    Attributes:
        mean_iou: Score, a proportion.
        data: Data set and split it was measured on.
        apart: Other differences from the course, in a few words.
    """

    mean_iou: float
    data: str
    apart: str


_IMAGENET = "from ImageNet"
_PUBLISHED = {
    "fcn32s": Published(0.594, "VOC 2011 val", _IMAGENET),
    "fcn16s": Published(0.624, "VOC 2011 val", _IMAGENET),
    "fcn8s": Published(0.627, "VOC 2011 val", _IMAGENET),
    "deconvnet": Published(
        0.696, "VOC 2012 test", "from ImageNet, 50 proposals an image"
    ),
    "segnet": Published(0.601, "CamVid test", "from ImageNet, 3433 road images"),
    "fc_densenet56": Published(
        0.589, "CamVid test", "from scratch, hundreds of epochs"
    ),
    "deeplab_v1": Published(0.6225, "VOC 2012 val", _IMAGENET),
    "deeplab_v1_crf": Published(0.6764, "VOC 2012 val", _IMAGENET),
    "dilatednet": Published(0.713, "VOC 2012 val", "from ImageNet, COCO too"),
}

_SYSTEM = {
    "key": NAME,
    "title": NAME,
    "arxiv": TEXT.also(
        "the number of a preprint, such as 1411.4038",
        lambda value: value.replace(".", "", 1).isdecimal() and len(value) > 4,
    ),
    "change": TEXT,
    "has_crf": FLAG,
}


@dataclass(frozen=True)
class System:
    """A net, or a net and the dense CRF that refines its probabilities.

    Attributes:
        key: Name in files.
        title: Name in figures and tables.
        arxiv: Number of the preprint, which begins with its year and month.
        change: What it brought, in a few words.
        has_crf: Whether a dense CRF follows the net.
    """

    key: str
    title: str
    arxiv: str
    change: str
    has_crf: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no system."""
        check_all(_SYSTEM, vars(self).items())

    @property
    def model(self) -> str:
        """Name of the net, as ``create_model`` knows it."""
        return self.key.removesuffix("_crf")

    @property
    def month(self) -> tuple[int, int]:
        """Year and month of the preprint."""
        return 2000 + int(self.arxiv[:2]), int(self.arxiv[2:4])

    @property
    def published(self) -> Published | None:
        """The authors' own mean IoU, None where they report none."""
        return _PUBLISHED.get(self.key)


_FCN, _DEEPLAB = "1411.4038", "1412.7062"
SYSTEMS = (
    System("fcn32s", "FCN-32s", _FCN, "a classifier that answers everywhere"),
    System("fcn16s", "FCN-16s", _FCN, "one skip, added"),
    System("fcn8s", "FCN-8s", _FCN, "two skips, added"),
    System(
        "deconvnet", "DeconvNet", "1505.04366", "a decoder that unpools by switches"
    ),
    System("segnet", "SegNet", "1511.00561", "DeconvNet without its wide middle"),
    System("unet", "U-Net", "1505.04597", "whole maps handed over, four times"),
    System(
        "fc_densenet56", "FC-DenseNet56", "1611.09326", "every layer sees all before it"
    ),
    System("deeplab_v1", "DeepLab v1", _DEEPLAB, "strides given up for dilation"),
    System(
        "deeplab_v1_crf",
        "DeepLab v1 + CRF",
        _DEEPLAB,
        "colors decide about borders",
        has_crf=True,
    ),
    System("dilatednet", "DilatedNet", "1511.07122", "context from near to far"),
)
"""All systems. The two of DeepLab v1 share one training."""
MODELS = tuple(dict.fromkeys(system.model for system in SYSTEMS))
"""Names of the nets that are trained."""


@checked(model=one_of(*MODELS))
def systems_of(model: str) -> tuple[System, ...]:
    """List the systems that are built on a net."""
    return tuple(system for system in SYSTEMS if system.model == model)


@checked(
    model=one_of(*MODEL_NAMES),
    num_classes=CLASSES,
    base_channels=whole(1),
    weights=optional(PATH_OR_TEXT),
)
def make_net(
    model: str, num_classes: int, base_channels: int, weights: str | Path | None
) -> nn.Module:
    """Make a net as the course trains it: batch normalization, zero padding.

    FC-DenseNet does without dropout, which costs a short training most of what it could
    learn.

    Args:
        model: Name of a model, as ``create_model`` knows it.
        num_classes: Number of classes, the channels of the logits.
        base_channels: Width of the first stage.
        weights: Weights of VGG16 for a net that stands on it; None starts at random.
    """
    return create_model(
        model,
        num_classes,
        base_channels=base_channels,
        batch_norm=True,
        dropout=0.0 if model.startswith("fc_densenet") else None,
        pretrained=weights,
    )


def crf_position_std(size: tuple[int, int]) -> float:
    """Choose the CRF's standard deviation over positions, pixels, for an (H, W)."""
    return max(size) / 16
