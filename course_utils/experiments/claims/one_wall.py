"""Claims of notebook 07, about the systems of the benchmark."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import (
    each,
    higher,
    keeps_up,
    least,
    lower,
)

_LATER = ("DeconvNet", "SegNet", "U-Net", "FC-DenseNet56", "DeepLab v1", "DilatedNet")


def _all(figure: str, *titles: str) -> tuple[str, ...]:
    """Name a figure of some systems."""
    return tuple(f"{title}: {figure}" for title in titles)


def _nets(*titles: str) -> tuple[str, ...]:
    return _all("mean IoU", *titles)


_SWITCHES = least(*_all("boundary IoU", "DeconvNet", "SegNet"))

CLAIMS = (
    Claim(
        "FCN loses small objects, and skips bring some back (FCN-8s finds 5 points "
        "more of them than FCN-32s, or better).",
        higher(*_all("recall of small objects", "FCN-8s", "FCN-32s"), by=0.05),
        nets=_nets("FCN-32s", "FCN-8s"),
    ),
    Claim(
        "Encoder and decoder overcome FCN's loss of detail: DeconvNet and SegNet draw "
        "finer borders (1 point of boundary IoU or more).",
        higher(_SWITCHES, "FCN-32s: boundary IoU", by=0.01).only(
            "against FCN-32s: FCN's own skips do as much",
            unless=higher(_SWITCHES, "FCN-8s: boundary IoU", by=0.01),
        ),
        nets=_nets("FCN-32s", "FCN-8s", "DeconvNet", "SegNet"),
    ),
    Claim(
        "SegNet can leave out DeconvNet's wide middle (it loses less than 2 points of "
        "mean IoU).",
        keeps_up("SegNet: mean IoU", "DeconvNet: mean IoU", by=0.02),
        nets=_nets("DeconvNet", "SegNet"),
        beside=_all("parameters, M", "DeconvNet", "SegNet"),
    ),
    Claim(
        "Maps handed over keep more detail than switches do (U-Net over SegNet, 1 "
        "point of boundary IoU or more).",
        higher("U-Net: boundary IoU", "SegNet: boundary IoU", by=0.01),
        nets=_nets("SegNet", "U-Net"),
    ),
    Claim(
        "Dense connections give as much for less: FC-DenseNet56 loses less than 3 "
        "points of mean IoU on U-Net, and is faster.",
        keeps_up("FC-DenseNet56: mean IoU", "U-Net: mean IoU", by=0.03).only(
            "if parameters are what counts: it is slower",
            unless=lower("FC-DenseNet56: latency, ms", "U-Net: latency, ms"),
        ),
        nets=_nets("U-Net", "FC-DenseNet56"),
        beside=_all("parameters, M", "U-Net", "FC-DenseNet56"),
    ),
    Claim(
        "Dilation keeps the resolution that pools lose (DeepLab v1 over FCN-32s, whose "
        "field is about as wide, 1 point of boundary IoU or more).",
        higher("DeepLab v1: boundary IoU", "FCN-32s: boundary IoU", by=0.01),
        nets=_nets("FCN-32s", "DeepLab v1"),
    ),
    Claim(
        "A dense CRF repairs what enlarging blurs (1 point of boundary IoU or more).",
        higher(*_all("boundary IoU", "DeepLab v1 + CRF", "DeepLab v1"), by=0.01).only(
            "at borders: mean IoU falls",
            unless=keeps_up(*_nets("DeepLab v1 + CRF", "DeepLab v1"), by=0.005),
        ),
        nets=_nets("DeepLab v1"),
    ),
    Claim(
        "A wider view keeps large objects whole (DilatedNet tears 1 point less than "
        "DeepLab v1, or better).",
        lower("DilatedNet: inconsistency", "DeepLab v1: inconsistency", by=0.01),
        nets=_nets("DeepLab v1", "DilatedNet"),
    ),
    Claim(
        "What came later is better (each by 1 point of mean IoU or more over FCN-8s).",
        each(
            {
                f"for {title}": higher(*_nets(title, "FCN-8s"), by=0.01)
                for title in _LATER
            }
        ),
        nets=_nets("FCN-8s", *_LATER),
    ),
)
REMARKS = (
    Remark(
        "Time to predict one image.",
        _all("latency, ms", "SegNet", "DeconvNet", "FCN-8s", "DeepLab v1"),
    ),
)
