"""The ten systems of the wall, in the order of the course."""

from dataclasses import dataclass
from pathlib import Path

from torch import nn

from course_utils.models.create import create_model, stands_on_vgg16

CRF = {
    "smoothness_weight": 0.5,
    "smoothness_std": 1.5,
    "appearance_weight": 4.0,
    "color_std": 5.0,
    "backend": "lattice",
}
"""Of the dense CRF, with ``crf_position_std``.

Weight and color of the appearance are those of the released DeepLab-LargeFOV, whose
lengths are for photographs of 500 pixels. Lengths and smoothness were chosen among four
settings, on six training scenes, for an ideal net of stride 8. On a real net and other
pictures they are as they are: they were not chosen again.
"""


@dataclass(frozen=True)
class Published:
    """A mean IoU that the authors of a system report.

    Attributes:
        mean_iou: proportion.
        data: what it was measured on.
        apart: what else differs from the course, in a few words.
    """

    mean_iou: float
    data: str
    apart: str


@dataclass(frozen=True)
class System:
    """A net, or a net and what comes after it.

    Attributes:
        key: its name in files.
        title: its name in figures and tables.
        model: the net, as ``create_model`` knows it.
        arxiv: number of the preprint, which begins with its year and month.
        change: what it brought, in a few words.
        published: None where its authors report no mean IoU.
        has_crf: whether a dense CRF refines the net's probabilities.
    """

    key: str
    title: str
    model: str
    arxiv: str
    change: str
    published: Published | None = None
    has_crf: bool = False

    @property
    def month(self) -> tuple[int, int]:
        """Year and month of the preprint."""
        return 2000 + int(self.arxiv[:2]), int(self.arxiv[2:4])


_FCN, _DEEPLAB = "1411.4038", "1412.7062"
_IMAGENET = "from ImageNet"
SYSTEMS = (
    System(
        "fcn32s",
        "FCN-32s",
        "fcn32s",
        _FCN,
        "a classifier that answers everywhere",
        Published(0.594, "VOC 2011 val", _IMAGENET),
    ),
    System(
        "fcn16s",
        "FCN-16s",
        "fcn16s",
        _FCN,
        "one skip, added",
        Published(0.624, "VOC 2011 val", _IMAGENET),
    ),
    System(
        "fcn8s",
        "FCN-8s",
        "fcn8s",
        _FCN,
        "two skips, added",
        Published(0.627, "VOC 2011 val", _IMAGENET),
    ),
    System(
        "deconvnet",
        "DeconvNet",
        "deconvnet",
        "1505.04366",
        "a decoder that unpools by switches",
        Published(0.696, "VOC 2012 test", "from ImageNet, 50 proposals an image"),
    ),
    System(
        "segnet",
        "SegNet",
        "segnet",
        "1511.00561",
        "DeconvNet without its wide middle",
        Published(0.601, "CamVid test", "from ImageNet, 3433 road images"),
    ),
    System(
        "unet",
        "U-Net",
        "unet",
        "1505.04597",
        "whole maps handed over, four times",
    ),
    System(
        "fc_densenet56",
        "FC-DenseNet56",
        "fc_densenet56",
        "1611.09326",
        "every layer sees all before it",
        Published(0.589, "CamVid test", "from scratch, hundreds of epochs"),
    ),
    System(
        "deeplab_v1",
        "DeepLab v1",
        "deeplab_v1",
        _DEEPLAB,
        "strides given up for dilation",
        Published(0.6225, "VOC 2012 val", _IMAGENET),
    ),
    System(
        "deeplab_v1_crf",
        "DeepLab v1 + CRF",
        "deeplab_v1",
        _DEEPLAB,
        "colors decide about borders",
        Published(0.6764, "VOC 2012 val", _IMAGENET),
        has_crf=True,
    ),
    System(
        "dilatednet",
        "DilatedNet",
        "dilatednet",
        "1511.07122",
        "context from near to far",
        Published(0.713, "VOC 2012 val", "from ImageNet, COCO too"),
    ),
)
"""All of them. DeepLab v1's two systems share one training."""
MODELS = tuple(dict.fromkeys(system.model for system in SYSTEMS))
"""The nets that are trained."""


def systems_of(model: str) -> tuple[System, ...]:
    """List the systems that stand on a net."""
    return tuple(system for system in SYSTEMS if system.model == model)


def make_net(
    model: str, num_classes: int, base_channels: int, weights: str | Path | None
) -> nn.Module:
    """Make a net as the course trains it: normalized everywhere, zero-padded.

    FC-DenseNet is tested by the batch's statistics, as its authors do (notebook 04).

    Args:
        model: one of ``MODELS``.
        num_classes: channels of the logits.
        base_channels: width of the first stage.
        weights: VGG16's, or None; nets without VGG16 start at random.
    """
    net = create_model(
        model,
        num_classes,
        base_channels=base_channels,
        batch_norm=True,
        pretrained=weights if stands_on_vgg16(model) else None,
    )
    if model == "fc_densenet56":
        net.batch_statistics = True
    return net


def crf_position_std(size: tuple[int, int]) -> float:
    """Standard deviation over positions for images of H and W ``size``, pixels."""
    return max(size) / 16
